package dev.rallypoint.loadtest.gatling.dsl;

import dev.rallypoint.loadtest.gatling.client.KeyCheck;
import dev.rallypoint.loadtest.gatling.client.Punch;
import dev.rallypoint.loadtest.gatling.client.PunchAnswer;
import dev.rallypoint.loadtest.gatling.client.RelayTicket;
import dev.rallypoint.loadtest.gatling.engine.SessionText;
import dev.rallypoint.loadtest.gatling.engine.Step;
import dev.rallypoint.loadtest.gatling.engine.StepRun;
import dev.rallypoint.loadtest.gatling.link.Failure;
import dev.rallypoint.loadtest.gatling.link.ServerAddress;
import dev.rallypoint.loadtest.gatling.link.Way;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import io.gatling.javaapi.core.Session;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Dials a peer. Without {@link #expect} each answer that leads to the peer is right: its address,
 * its address in the LAN, or a relay. With the server's key in the protocol the key of the peer is
 * checked in each such answer.
 */
public final class PunchStep extends Step {
  private final SessionText target;
  private Way way = Way.TCP;
  private boolean encrypted;
  private boolean relayed;
  private SessionText token = SessionText.of(session -> "");
  private Optional<SessionText> server = Optional.empty();
  private Optional<Duration> limit = Optional.empty();
  private boolean isRepeated;
  private KeyCheck keyCheck = KeyCheck.SIMULATED_PEER;
  private Set<PunchAnswer> expected =
      EnumSet.of(PunchAnswer.ADDRESS, PunchAnswer.LOCAL_ADDRESS, PunchAnswer.RELAY);
  private Checks checks = Checks.NONE;
  private Optional<String> ticket = Optional.empty();

  PunchStep(String request, SessionText target) {
    super(request);
    this.target = target;
  }

  private PunchStep(PunchStep other) {
    super(other.request());
    this.target = other.target;
    this.way = other.way;
    this.encrypted = other.encrypted;
    this.relayed = other.relayed;
    this.token = other.token;
    this.server = other.server;
    this.limit = other.limit;
    this.isRepeated = other.isRepeated;
    this.keyCheck = other.keyCheck;
    this.expected = other.expected;
    this.checks = other.checks;
    this.ticket = other.ticket;
  }

  /** Over a WebSocket; the answer is then a relay. */
  public PunchStep overWebSocket() {
    PunchStep copy = new PunchStep(this);
    copy.way = Way.WEBSOCKET;
    return copy;
  }

  /** Encrypts the connection first, with an access token, as a user who is logged in. */
  public PunchStep loggedIn(String accessToken) {
    PunchStep copy = new PunchStep(this);
    copy.encrypted = true;
    copy.token = SessionText.of(accessToken);
    return copy;
  }

  /** As a requester behind a symmetric NAT, who wants a relay. */
  public PunchStep relayed() {
    PunchStep copy = new PunchStep(this);
    copy.relayed = true;
    return copy;
  }

  /**
   * At one of several servers.
   *
   * @param place its place in the list of the protocol, from 0, such as {@code "#{node}"}
   */
  public PunchStep at(String place) {
    PunchStep copy = new PunchStep(this);
    copy.server = Optional.of(SessionText.of(place));
    return copy;
  }

  /** How long the answer may take; the connection before it has the time of the protocol. */
  public PunchStep timeout(Duration timeout) {
    PunchStep copy = new PunchStep(this);
    copy.limit = Optional.of(timeout);
    return copy;
  }

  /**
   * Sends the request three times on one connection, as a client of the version does: since 1.4.1
   * at 0, 3 and 9 s, with an end after 18 s.
   */
  public PunchStep withClientRetries() {
    PunchStep copy = new PunchStep(this);
    copy.isRepeated = true;
    return copy;
  }

  /** How the key of the peer is checked, for targets that are no simulated peers. */
  public PunchStep keyCheck(KeyCheck check) {
    PunchStep copy = new PunchStep(this);
    copy.keyCheck = check;
    return copy;
  }

  /** The answers that are right, such as {@code OFFLINE} for a peer that is known to be off. */
  public PunchStep expect(PunchAnswer first, PunchAnswer... others) {
    PunchStep copy = new PunchStep(this);
    copy.expected = EnumSet.of(first, others);
    return copy;
  }

  /** Keeps what {@link Relay#join} needs under this attribute when the answer is a relay. */
  public PunchStep saveRelay(String attribute) {
    PunchStep copy = new PunchStep(this);
    copy.ticket = Optional.of(attribute);
    return copy;
  }

  /** Further conditions on an answer of a kind that is right. */
  public PunchStep check(Check... more) {
    PunchStep copy = new PunchStep(this);
    copy.checks = checks.and(more);
    return copy;
  }

  @Override
  protected void run(StepRun run) {
    Session session = run.session();
    new Punch(
            target.of(session),
            Places.of(server, run),
            way,
            encrypted,
            relayed,
            token.of(session),
            waits(run),
            keyCheck)
        .run(
            run.user(),
            new Punch.Listener() {
              @Override
              public void answered(PunchAnswer kind, RendezvousMessage answer) {
                judge(run, kind, answer);
              }

              @Override
              public void failed(Failure failure) {
                run.ko(failure);
              }
            });
  }

  private List<Duration> waits(StepRun run) {
    return isRepeated
        ? run.settings().version().attemptWaits()
        : List.of(limit.orElse(run.settings().timeout()));
  }

  private void judge(StepRun run, PunchAnswer kind, RendezvousMessage answer) {
    if (expected.contains(kind)) {
      checks.judge(run, answer, session -> withTicket(run, kind, answer, session));
    } else {
      run.ko(Failure.of(kind.reason()));
    }
  }

  private Session withTicket(
      StepRun run, PunchAnswer kind, RendezvousMessage answer, Session session) {
    if (ticket.isEmpty() || kind != PunchAnswer.RELAY) {
      return session;
    }
    ServerAddress asked = run.settings().server(Places.of(server, run));
    return session.set(
        ticket.get(), RelayTicket.of(target.of(session), answer.getRelayResponse(), asked));
  }
}
