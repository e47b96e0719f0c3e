package dev.rallypoint.loadtest.gatling.dsl;

import dev.rallypoint.loadtest.gatling.client.RelayPacedMessages;
import dev.rallypoint.loadtest.gatling.client.RelaySession;
import dev.rallypoint.loadtest.gatling.engine.Step;
import dev.rallypoint.loadtest.gatling.engine.StepRun;
import dev.rallypoint.loadtest.gatling.link.Failure;
import dev.rallypoint.loadtest.gatling.link.Reason;
import java.time.Duration;

/** Sends messages through the relayed session of the user; see {@link Relay#messages}. */
public final class PacedMessagesStep extends Step {
  private final int bytes;
  private final Duration every;
  private final Duration during;

  PacedMessagesStep(String request, int bytes, Duration every, Duration during) {
    super(request);
    if (!every.isPositive() || bytes < RelayPacedMessages.LEAST_SIZE) {
      throw new IllegalArgumentException("messages of " + bytes + " bytes every " + every);
    }
    this.bytes = bytes;
    this.every = every;
    this.during = during;
  }

  @Override
  protected void run(StepRun run) {
    RelaySession session = run.user().relay();
    if (session == null || !session.isOpen()) {
      run.ko(Failure.of(Reason.NOT_OPEN));
      return;
    }
    RelayPacedMessages.start(
        session,
        bytes,
        every,
        during,
        run.settings().timeout(),
        new RelayPacedMessages.Listener() {
          @Override
          public void arrived(long sentNanos) {
            run.log(sentNanos);
          }

          @Override
          public void lost(long sentNanos, Failure failure) {
            run.log(sentNanos, failure);
          }

          @Override
          public void done() {
            run.done();
          }
        });
  }
}
