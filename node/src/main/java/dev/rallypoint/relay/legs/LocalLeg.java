package dev.rallypoint.relay.legs;

import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.metrics.access.Asked;
import dev.rallypoint.relay.loop.RelayLeg;
import dev.rallypoint.relay.session.EndReason;
import dev.rallypoint.relay.session.LegRef;
import dev.rallypoint.relay.session.SessionCommand;
import dev.rallypoint.relay.session.SessionReply;
import org.apache.pekko.actor.Address;
import org.jspecify.annotations.Nullable;

/** A leg whose socket is on this node, from its first frame until it is closed. */
final class LocalLeg {
  private final RelayLeg connection;
  private final String uuid;
  private final SessionCommand.Join join;
  private final long since;
  private State state = State.JOINING;
  private SessionReply.@Nullable Paired pairing;

  /** How far it has come. */
  enum State {
    /** Its session has not answered. */
    JOINING,
    /** It has no partner yet. */
    WAITING,
    /** It has a partner on another node, and there is no backhaul connection to it yet. */
    CONNECTING,
    /** Its bytes are relayed. */
    RELAYING
  }

  /** Whose first frame was taken at this time. */
  LocalLeg(RelayLeg connection, String uuid, SessionCommand.Join join, long since) {
    this.connection = connection;
    this.uuid = uuid;
    this.join = join;
    this.since = since;
  }

  RelayLeg connection() {
    return connection;
  }

  long number() {
    return connection.number();
  }

  String uuid() {
    return uuid;
  }

  SessionCommand.Join join() {
    return join;
  }

  LegRef ref() {
    return join.leg();
  }

  /** When its first frame was taken, in the clock's nanoseconds. */
  long since() {
    return since;
  }

  State state() {
    return state;
  }

  void enter(State next) {
    state = next;
  }

  /** Whether its session has found it a partner. */
  boolean hasPartner() {
    return pairing != null;
  }

  /** Who its partner is, or null as long as it has none. */
  SessionReply.@Nullable Paired pairing() {
    return pairing;
  }

  void pair(SessionReply.Paired reply) {
    pairing = reply;
  }

  /** Whether its partner's socket is on the node with this address. */
  boolean hasPartnerOn(Address node) {
    return pairing != null
        && pairing.partnerOf(ref().nodeLegs()).nodeLegs().path().address().equals(node);
  }

  /** Counts and logs why it is not relayed, and closes its connection. */
  void refuse(DropReason reason, Counters counters) {
    counters.dropped(reason, connection.address());
    counters.access().refused(reason.label(), connection.address(), Asked.RELAY, null, uuid);
    connection.close(EndReason.GONE);
  }

  /** What its session must know. */
  Outbox.Message message() {
    SessionReply.Paired known = pairing;
    return new Outbox.Message(
        uuid, known == null ? join : new SessionCommand.Resumed(ref(), known.a(), known.b()));
  }
}
