package dev.rallypoint.loadtest.gatling.dsl;

import dev.rallypoint.loadtest.gatling.client.RelayRequest;
import dev.rallypoint.loadtest.gatling.client.RelayTicket;
import dev.rallypoint.loadtest.gatling.engine.SessionText;
import dev.rallypoint.loadtest.gatling.engine.Step;
import dev.rallypoint.loadtest.gatling.engine.StepRun;
import dev.rallypoint.loadtest.gatling.link.Failure;
import dev.rallypoint.loadtest.gatling.link.Way;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import java.time.Duration;
import java.util.Optional;

/** Asks the ID server for a relay to a peer; see {@link Rendezvous#relayTo}. */
public final class RelayRequestStep extends Step {
  private final SessionText target;
  private Way way = Way.TCP;
  private Optional<SessionText> token = Optional.empty();
  private Optional<SessionText> server = Optional.empty();
  private Optional<Duration> limit = Optional.empty();
  private Optional<String> ticket = Optional.empty();
  private Checks checks = Checks.NONE;

  RelayRequestStep(String request, SessionText target) {
    super(request);
    this.target = target;
  }

  private RelayRequestStep(RelayRequestStep other) {
    super(other.request());
    this.target = other.target;
    this.way = other.way;
    this.token = other.token;
    this.server = other.server;
    this.limit = other.limit;
    this.ticket = other.ticket;
    this.checks = other.checks;
  }

  /** Over a WebSocket. */
  public RelayRequestStep overWebSocket() {
    RelayRequestStep copy = new RelayRequestStep(this);
    copy.way = Way.WEBSOCKET;
    return copy;
  }

  /** Encrypts the connection first, with an access token, as a user who is logged in. */
  public RelayRequestStep loggedIn(String accessToken) {
    RelayRequestStep copy = new RelayRequestStep(this);
    copy.token = Optional.of(SessionText.of(accessToken));
    return copy;
  }

  /**
   * At one of several servers.
   *
   * @param place its place in the list of the protocol, from 0, such as {@code "#{node}"}
   */
  public RelayRequestStep at(String place) {
    RelayRequestStep copy = new RelayRequestStep(this);
    copy.server = Optional.of(SessionText.of(place));
    return copy;
  }

  /** How long the answer may take. */
  public RelayRequestStep timeout(Duration timeout) {
    RelayRequestStep copy = new RelayRequestStep(this);
    copy.limit = Optional.of(timeout);
    return copy;
  }

  /** Keeps what {@link Relay#join} needs under this attribute of the user. */
  public RelayRequestStep saveRelay(String attribute) {
    RelayRequestStep copy = new RelayRequestStep(this);
    copy.ticket = Optional.of(attribute);
    return copy;
  }

  /** Further conditions on an answer that is no refusal. */
  public RelayRequestStep check(Check... more) {
    RelayRequestStep copy = new RelayRequestStep(this);
    copy.checks = checks.and(more);
    return copy;
  }

  @Override
  protected void run(StepRun run) {
    new RelayRequest(
            target.of(run.session()),
            Places.of(server, run),
            way,
            token.isPresent(),
            token.map(text -> text.of(run.session())).orElse(""),
            limit.orElse(run.settings().timeout()))
        .run(
            run.user(),
            new RelayRequest.Listener() {
              @Override
              public void agreed(RelayTicket agreed, RendezvousMessage answer) {
                checks.judge(
                    run,
                    answer,
                    session -> ticket.isEmpty() ? session : session.set(ticket.get(), agreed));
              }

              @Override
              public void failed(Failure failure) {
                run.ko(failure);
              }
            });
  }
}
