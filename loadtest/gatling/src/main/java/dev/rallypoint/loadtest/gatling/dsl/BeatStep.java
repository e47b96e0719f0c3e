package dev.rallypoint.loadtest.gatling.dsl;

import dev.rallypoint.loadtest.gatling.client.Peer;
import dev.rallypoint.loadtest.gatling.engine.Step;
import dev.rallypoint.loadtest.gatling.engine.StepRun;
import dev.rallypoint.loadtest.gatling.link.AnswerListener;
import dev.rallypoint.loadtest.gatling.link.Failure;
import dev.rallypoint.loadtest.gatling.link.Reason;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import java.time.Duration;
import java.util.Optional;

/** A heartbeat of a registered peer; see {@link Rendezvous#beat()}. */
public final class BeatStep extends Step {
  private Optional<Duration> limit = Optional.empty();
  private boolean isOnNewSocket;
  private Checks checks = Checks.NONE;

  BeatStep(String request) {
    super(request);
  }

  private BeatStep(BeatStep other) {
    super(other.request());
    this.limit = other.limit;
    this.isOnNewSocket = other.isOnNewSocket;
    this.checks = other.checks;
  }

  /** How long the answer may take. */
  public BeatStep timeout(Duration timeout) {
    BeatStep copy = new BeatStep(this);
    copy.limit = Optional.of(timeout);
    return copy;
  }

  /** From a new UDP port, as behind a NAT that has forgotten the old one. */
  public BeatStep onNewSocket() {
    BeatStep copy = new BeatStep(this);
    copy.isOnNewSocket = true;
    return copy;
  }

  /** Further conditions on the answer. */
  public BeatStep check(Check... more) {
    BeatStep copy = new BeatStep(this);
    copy.checks = checks.and(more);
    return copy;
  }

  @Override
  protected void run(StepRun run) {
    Peer peer = run.user().peer();
    if (peer == null) {
      run.ko(Failure.of(Reason.NOT_OPEN));
      return;
    }
    if (isOnNewSocket) {
      peer.changeSocket();
    }
    peer.beat(
        limit.orElse(run.settings().timeout()),
        new AnswerListener() {
          @Override
          public void answered(RendezvousMessage answer) {
            checks.judge(run, answer);
          }

          @Override
          public void failed(Failure failure) {
            run.ko(failure);
          }
        });
  }
}
