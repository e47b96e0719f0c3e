package dev.rallypoint.registration;

import com.google.protobuf.ByteString;
import dev.rallypoint.policy.KeyPolicy;
import dev.rallypoint.policy.KeyPolicy.Known;
import dev.rallypoint.policy.KeyPolicy.Verdict;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.protocol.identity.PublicKey;
import dev.rallypoint.protocol.proto.RegisterPk;
import dev.rallypoint.registration.Location.Presence;
import dev.rallypoint.store.PeerRow;
import java.util.Optional;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * What the entity of one id knows: the stored row, and where the peer is registered. Immutable. It
 * decides only; the entity sends the messages.
 *
 * @param stored the row in the database, or null when nobody has the id
 * @param registration where the peer is registered, or null when it is not known to be anywhere
 * @param epoch the greatest epoch that is known, also of registrations that have ended
 * @param isOffline whether a peer without a registration is offline for certain: all nodes were
 *     asked, or its home reported that it fell silent
 * @param queryAfter milliseconds of the monotonic clock before which the nodes are not asked again,
 *     or null when they were not asked yet
 */
record PeerState(
    @Nullable Known stored,
    @Nullable Registration registration,
    long epoch,
    boolean isOffline,
    @Nullable Long queryAfter) {
  static final PeerState EMPTY = new PeerState(null, null, 0, false, null);

  /** Milliseconds until a home is forgotten that misses two renewals, five minutes apart. */
  static final long FORGOTTEN_AFTER = 11 * 60_000L;

  /**
   * Microseconds by which a message of the peer may be older than its last one at another node and
   * is refused for that. Messages wait in a node for about as long while a shard is away. Clocks of
   * nodes that differ by more must not keep a peer from its new home.
   */
  static final long MAX_DELAY = 30_000_000;

  /** Milliseconds between two questions to all nodes, while not all of them answer. */
  private static final long QUERY_GAP = 1_000;

  /**
   * The home where the peer is registered.
   *
   * @param receivedMicros when the peer's last own message was received there, in microseconds of
   *     that node's wall clock; 0 when that is not known
   * @param confirmedMillis when the entity last heard of this home, in milliseconds of its
   *     monotonic clock
   */
  record Registration(Home home, long epoch, long receivedMicros, long confirmedMillis) {}

  /**
   * A message of the peer itself, as a node received it.
   *
   * @param leaseEpoch the epoch of the lease that the node has of the peer, or 0
   * @param receivedMicros when it was received, in microseconds of the node's wall clock
   */
  record Contact(Home home, long leaseEpoch, long receivedMicros) {}

  /** The state after a change, and the home whose lease must be revoked for it, or null. */
  record Move(PeerState next, @Nullable Home displaced) {}

  /** This state with the row that the database holds. */
  PeerState with(Optional<PeerRow> row) {
    Known known = row.map(r -> new Known(r.uuid(), r.key(), r.ip())).orElse(null);
    return new PeerState(known, registration, epoch, isOffline, queryAfter);
  }

  /** The stored row, as the store returned it. */
  Optional<PeerRow> row(PeerId id) {
    return Optional.ofNullable(stored)
        .map(known -> new PeerRow(id, known.uuid(), known.key(), known.ip()));
  }

  /**
   * The peer registers by a message of its own. The registration gets an epoch greater than all
   * that are known. The renewal of a lease keeps its epoch, so that a lost answer does no harm.
   *
   * @param nowMicros the wall clock: an epoch is at least this, so that an entity that has
   *     forgotten all epochs gives a greater one nevertheless
   */
  Move register(Contact contact, long nowMicros, long nowMillis) {
    Registration current = at(contact.home);
    long next =
        current != null && current.epoch == contact.leaseEpoch
            ? contact.leaseEpoch
            : Math.max(Math.max(epoch, contact.leaseEpoch) + 1, nowMicros);
    return moved(new Registration(contact.home, next, contact.receivedMicros, nowMillis));
  }

  /**
   * A home reports by itself that it has the peer, by a lease of this epoch. That is accepted when
   * the home is the known one, or its epoch is greater than all that are known. A home that is not
   * accepted has to end its lease.
   */
  Move announce(Home home, long leaseEpoch, long nowMillis) {
    Registration current = at(home);
    if (stored == null || current == null && leaseEpoch <= epoch) {
      return new Move(this, home);
    }
    long receivedMicros = current == null ? 0 : current.receivedMicros;
    return moved(new Registration(home, leaseEpoch, receivedMicros, nowMillis));
  }

  private Move moved(Registration next) {
    boolean isDisplacing = registration != null && registration.home.node() != next.home.node();
    return new Move(
        new PeerState(stored, next, Math.max(epoch, next.epoch), isOffline, queryAfter),
        isDisplacing ? home() : null);
  }

  /**
   * A home reports that the peer fell silent or closed its connection. Only the current home is
   * accepted, and no lease that is older than the current one.
   */
  PeerState lapse(Home home, long leaseEpoch) {
    Registration current = at(home);
    return current != null && leaseEpoch >= current.epoch
        ? new PeerState(stored, null, epoch, true, queryAfter)
        : this;
  }

  /** Forgets a home whose node is gone, or which has not renewed its lease for long. */
  PeerState withoutLostHome(LongPredicate isGone, long nowMillis) {
    return registration != null
            && (isGone.test(registration.home.node())
                || nowMillis - registration.confirmedMillis >= FORGOTTEN_AFTER)
        ? new PeerState(stored, null, epoch, isOffline, queryAfter)
        : this;
  }

  /** The device has taken another id: nobody has this one, and its lease ends. */
  Move release() {
    return new Move(new PeerState(null, null, epoch + 1, isOffline, queryAfter), home());
  }

  /** All nodes were asked for their leases of the peer. */
  PeerState queried(boolean haveAllAnswered, long nowMillis) {
    return new PeerState(stored, registration, epoch, haveAllAnswered, nowMillis + QUERY_GAP);
  }

  /** Whether all nodes must be asked: an entity that has just started does not know the home. */
  boolean needsQuery(long nowMillis) {
    return stored != null
        && registration == null
        && !isOffline
        && (queryAfter == null || nowMillis - queryAfter >= 0);
  }

  /** Where the peer is, as far as this state tells. */
  Location location() {
    if (stored == null) {
      return Location.absent(Presence.UNKNOWN);
    }
    return registration == null
        ? Location.absent(isOffline ? Presence.OFFLINE : Presence.UNAVAILABLE)
        : Location.online(registration.home, stored.key());
  }

  /** Whether the renewal of a lease comes too late: the peer has registered elsewhere since. */
  boolean supersedes(Contact renewal) {
    return registration != null
        && !registration.home.equals(renewal.home)
        && registration.epoch > renewal.leaseEpoch;
  }

  /**
   * Whether a message of the peer was delayed, and the peer has sent one through another node since
   * then. Messages through one node arrive in order and are not compared.
   */
  boolean overtakes(Contact contact) {
    if (registration == null || registration.home.node() == contact.home.node()) {
      return false;
    }
    long newerBy = registration.receivedMicros - contact.receivedMicros;
    return newerBy > 0 && newerBy <= MAX_DELAY;
  }

  /**
   * Whether a heartbeat from this address must be followed by the key. From another host than
   * before a peer must prove itself, or anybody could redirect it. A row of hbbs may lack the key;
   * then the peer must always prove itself.
   */
  boolean requiresKey(PeerAddress from) {
    if (stored == null || stored.key().size() != PublicKey.LENGTH) {
      return true;
    }
    return registration == null
        ? !stored.ip().equals(from.ip())
        : !registration.home.address().isSameHost(from);
  }

  /** Judges a RegisterPk by the stored row. */
  Verdict judge(PeerId id, ByteString uuid, ByteString key, PeerAddress from) {
    RegisterPk claim = RegisterPk.newBuilder().setId(id.value()).setUuid(uuid).setPk(key).build();
    return KeyPolicy.judge(Optional.ofNullable(stored), claim, from.ip());
  }

  /**
   * Whether this sender may give the id away for another one. Where nobody has it the store tells:
   * the message may be repeated after a lost answer.
   */
  boolean mayRename(ByteString uuid, ByteString key, PeerAddress from) {
    boolean isAtHome = registration != null && registration.home.address().isSameHost(from);
    return stored == null || KeyPolicy.mayRename(stored, uuid, key, from.ip(), isAtHome);
  }

  /** The stored key; empty when there is none. */
  ByteString key() {
    return stored == null ? ByteString.EMPTY : stored.key();
  }

  /** The stored ip when it differs from this one; else empty. */
  String previousIp(String ip) {
    return stored == null || stored.ip().equals(ip) ? "" : stored.ip();
  }

  @Nullable Home home() {
    return registration == null ? null : registration.home;
  }

  /** The registration, where it is at this home. */
  private @Nullable Registration at(Home home) {
    return home.equals(home()) ? registration : null;
  }
}
