package dev.rallypoint.loadtest.gatling.dsl;

import dev.rallypoint.loadtest.gatling.client.Identity;
import dev.rallypoint.loadtest.gatling.client.Peer;
import dev.rallypoint.loadtest.gatling.engine.SessionText;
import dev.rallypoint.loadtest.gatling.engine.Step;
import dev.rallypoint.loadtest.gatling.engine.StepRun;
import dev.rallypoint.loadtest.gatling.link.AnswerListener;
import dev.rallypoint.loadtest.gatling.link.Failure;
import dev.rallypoint.loadtest.gatling.link.Way;
import dev.rallypoint.protocol.proto.RegisterPkResponse.Result;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * Registers the user as a peer. The link stays open until the user leaves; pushes that come over it
 * are answered beside the steps and logged as {@code push PunchHole}, {@code push FetchLocalAddr}
 * and {@code push RequestRelay}.
 */
public final class RegisterStep extends Step {
  private final SessionText id;
  private Way way = Way.UDP;
  private int device;
  private Optional<SessionText> server = Optional.empty();
  private Optional<Duration> limit = Optional.empty();
  private Set<Result> expected = EnumSet.of(Result.OK);
  private Checks checks = Checks.NONE;

  RegisterStep(String request, SessionText id) {
    super(request);
    this.id = id;
  }

  private RegisterStep(RegisterStep other) {
    super(other.request());
    this.id = other.id;
    this.way = other.way;
    this.device = other.device;
    this.server = other.server;
    this.limit = other.limit;
    this.expected = other.expected;
    this.checks = other.checks;
  }

  /** Over an encrypted TCP connection, as a client behind a proxy or with UDP switched off. */
  public RegisterStep overTcp() {
    RegisterStep copy = new RegisterStep(this);
    copy.way = Way.TCP;
    return copy;
  }

  /** Over a WebSocket. */
  public RegisterStep overWebSocket() {
    RegisterStep copy = new RegisterStep(this);
    copy.way = Way.WEBSOCKET;
    return copy;
  }

  /**
   * As another device under the same id: the server must refuse it.
   *
   * @param number 1 or more; 0 is the usual device
   */
  public RegisterStep asOtherDevice(int number) {
    RegisterStep copy = new RegisterStep(this);
    copy.device = number;
    return copy;
  }

  /**
   * At one of several servers.
   *
   * @param place its place in the list of the protocol, from 0, such as {@code "#{node}"}
   */
  public RegisterStep at(String place) {
    RegisterStep copy = new RegisterStep(this);
    copy.server = Optional.of(SessionText.of(place));
    return copy;
  }

  /** How long the answer may take, and before it the opening of the link. */
  public RegisterStep timeout(Duration timeout) {
    RegisterStep copy = new RegisterStep(this);
    copy.limit = Optional.of(timeout);
    return copy;
  }

  /** The verdicts that are right, such as {@code UUID_MISMATCH} for another device. */
  public RegisterStep expect(Result first, Result... others) {
    RegisterStep copy = new RegisterStep(this);
    copy.expected = EnumSet.of(first, others);
    return copy;
  }

  /** Further conditions on a verdict that is right. */
  public RegisterStep check(Check... more) {
    RegisterStep copy = new RegisterStep(this);
    copy.checks = checks.and(more);
    return copy;
  }

  @Override
  protected void run(StepRun run) {
    run.user()
        .becomePeer(Identity.of(id.of(run.session()), device), way, Places.of(server, run))
        .register(
            limit.orElse(run.settings().timeout()),
            new AnswerListener() {
              @Override
              public void answered(RendezvousMessage answer) {
                judge(run, answer);
              }

              @Override
              public void failed(Failure failure) {
                run.ko(failure);
              }
            });
  }

  private void judge(StepRun run, RendezvousMessage answer) {
    Result verdict = answer.getRegisterPkResponse().getResult();
    if (expected.contains(verdict)) {
      checks.judge(run, answer);
    } else {
      run.ko(Peer.failure(verdict));
    }
  }
}
