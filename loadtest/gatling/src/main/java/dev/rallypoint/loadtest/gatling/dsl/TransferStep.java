package dev.rallypoint.loadtest.gatling.dsl;

import dev.rallypoint.loadtest.gatling.client.RelaySession;
import dev.rallypoint.loadtest.gatling.client.RelayTransfer;
import dev.rallypoint.loadtest.gatling.engine.Step;
import dev.rallypoint.loadtest.gatling.engine.StepRun;
import dev.rallypoint.loadtest.gatling.link.Failure;
import dev.rallypoint.loadtest.gatling.link.Reason;
import java.time.Duration;
import java.util.Optional;

/** Sends MiB through the relayed session of the user; see {@link Relay#transfer}. */
public final class TransferStep extends Step {
  private final int mebibytes;
  private Optional<Duration> limit = Optional.empty();

  TransferStep(String request, int mebibytes) {
    super(request);
    if (mebibytes < 1) {
      throw new IllegalArgumentException("a transfer of " + mebibytes + " MiB");
    }
    this.mebibytes = mebibytes;
  }

  /** How long nothing may arrive; the session is closed then. */
  public TransferStep timeout(Duration stall) {
    TransferStep copy = new TransferStep(request(), mebibytes);
    copy.limit = Optional.of(stall);
    return copy;
  }

  @Override
  protected void run(StepRun run) {
    RelaySession session = run.user().relay();
    if (session == null || !session.isOpen()) {
      run.ko(Failure.of(Reason.NOT_OPEN));
      return;
    }
    RelayTransfer.start(
        session,
        mebibytes,
        limit.orElse(run.settings().timeout()),
        new RelayTransfer.Listener() {
          @Override
          public void mebibyte(long startNanos) {
            run.log(startNanos);
          }

          @Override
          public void done() {
            run.done();
          }

          @Override
          public void failed(Failure failure) {
            run.ko(failure);
          }
        });
  }
}
