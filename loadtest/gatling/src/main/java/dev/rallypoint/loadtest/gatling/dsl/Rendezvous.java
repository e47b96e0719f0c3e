package dev.rallypoint.loadtest.gatling.dsl;

import dev.rallypoint.loadtest.gatling.engine.SessionText;
import io.gatling.javaapi.core.Session;
import java.util.List;
import java.util.function.Function;

/** What a step at the ID server does. */
public final class Rendezvous {
  private final String request;

  Rendezvous(String request) {
    this.request = request;
  }

  /**
   * Registers the user as a peer: RegisterPk over a link that stays open.
   *
   * @param id the id, such as {@code "#{id}"}
   */
  public RegisterStep peer(String id) {
    return new RegisterStep(request, SessionText.of(id));
  }

  /** Registers the user as a peer with an id made of the user's attributes. */
  public RegisterStep peer(Function<Session, String> id) {
    return new RegisterStep(request, SessionText.of(id));
  }

  /**
   * A heartbeat of the registered peer. Over UDP it is RegisterPeer and its answer. Over TCP and
   * WebSocket heartbeats are the server's and are answered without a step; there this step only
   * looks whether the link is alive.
   */
  public BeatStep beat() {
    return new BeatStep(request);
  }

  /**
   * Dials another peer: PunchHoleRequest over a connection of its own, up to the answer.
   *
   * @param target the id, such as {@code "#{target}"}
   */
  public PunchStep to(String target) {
    return new PunchStep(request, SessionText.of(target));
  }

  /** Dials another peer with an id made of the user's attributes. */
  public PunchStep to(Function<Session, String> target) {
    return new PunchStep(request, SessionText.of(target));
  }

  /**
   * Asks for a relay to another peer: RequestRelay at the ID server, as a requester does that did
   * not reach it directly.
   *
   * @param target the id, such as {@code "#{target}"}
   */
  public RelayRequestStep relayTo(String target) {
    return new RelayRequestStep(request, SessionText.of(target));
  }

  /**
   * Asks which peers are online, as an open address book does every 6 s.
   *
   * @param ids an attribute of the user with a list of ids
   */
  public OnlineStep online(String ids) {
    return new OnlineStep(request, session -> session.getList(ids));
  }

  /** Asks which of the ids that a function gives are online. */
  public OnlineStep online(Function<Session, List<String>> ids) {
    return new OnlineStep(request, ids);
  }

  /** Asks for the own port as the server sees it. */
  public NatTestStep natTest() {
    return new NatTestStep(request, false);
  }
}
