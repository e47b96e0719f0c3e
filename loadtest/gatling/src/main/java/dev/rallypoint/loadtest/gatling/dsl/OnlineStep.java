package dev.rallypoint.loadtest.gatling.dsl;

import dev.rallypoint.loadtest.gatling.client.Peer;
import dev.rallypoint.loadtest.gatling.client.ServerQuestion;
import dev.rallypoint.loadtest.gatling.engine.SessionText;
import dev.rallypoint.loadtest.gatling.engine.Step;
import dev.rallypoint.loadtest.gatling.engine.StepRun;
import dev.rallypoint.loadtest.gatling.link.AnswerListener;
import dev.rallypoint.loadtest.gatling.link.Failure;
import dev.rallypoint.loadtest.gatling.link.Reason;
import dev.rallypoint.loadtest.gatling.link.Way;
import dev.rallypoint.protocol.message.OnlineStates;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import io.gatling.javaapi.core.Session;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Asks which peers are online. A bitmap that is shorter than the list is a KO: it would end a real
 * client.
 */
public final class OnlineStep extends Step {
  private final Function<Session, List<String>> ids;
  private Way way = Way.TCP;
  private Optional<SessionText> server = Optional.empty();
  private Optional<Duration> limit = Optional.empty();
  private Optional<Integer> expected = Optional.empty();

  OnlineStep(String request, Function<Session, List<String>> ids) {
    super(request);
    this.ids = ids;
  }

  private OnlineStep(OnlineStep other) {
    super(other.request());
    this.ids = other.ids;
    this.way = other.way;
    this.server = other.server;
    this.limit = other.limit;
    this.expected = other.expected;
  }

  /** Over a WebSocket. */
  public OnlineStep overWebSocket() {
    OnlineStep copy = new OnlineStep(this);
    copy.way = Way.WEBSOCKET;
    return copy;
  }

  /**
   * At one of several servers.
   *
   * @param place its place in the list of the protocol, from 0, such as {@code "#{node}"}
   */
  public OnlineStep at(String place) {
    OnlineStep copy = new OnlineStep(this);
    copy.server = Optional.of(SessionText.of(place));
    return copy;
  }

  /** How long the answer may take. */
  public OnlineStep timeout(Duration timeout) {
    OnlineStep copy = new OnlineStep(this);
    copy.limit = Optional.of(timeout);
    return copy;
  }

  /** How many of the list are online. */
  public OnlineStep expectOnline(int count) {
    OnlineStep copy = new OnlineStep(this);
    copy.expected = Optional.of(count);
    return copy;
  }

  @Override
  protected void run(StepRun run) {
    List<String> asked = ids.apply(run.session());
    Peer peer = run.user().peer();
    String own = peer == null ? "" : peer.identity().id();
    ServerQuestion.online(run.settings().server(Places.of(server, run)), way, own, asked)
        .run(
            run.user(),
            limit.orElse(run.settings().timeout()),
            new AnswerListener() {
              @Override
              public void answered(RendezvousMessage answer) {
                judge(run, answer, asked.size());
              }

              @Override
              public void failed(Failure failure) {
                run.ko(failure);
              }
            });
  }

  private void judge(StepRun run, RendezvousMessage answer, int asked) {
    var states = answer.getOnlineResponse().getStates();
    if (states.size() < (asked + 7) / 8) {
      run.ko(Failure.of(Reason.SHORT_BITMAP));
      return;
    }
    long online =
        IntStream.range(0, asked).filter(place -> OnlineStates.isOnline(states, place)).count();
    if (expected.isPresent() && expected.get() != online) {
      run.ko(Failure.ofCheck("peers online"));
    } else {
      run.ok();
    }
  }
}
