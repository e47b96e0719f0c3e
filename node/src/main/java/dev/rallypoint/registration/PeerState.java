package dev.rallypoint.registration;

import com.google.protobuf.ByteString;
import dev.rallypoint.policy.KeyPolicy;
import dev.rallypoint.policy.KeyPolicy.Change;
import dev.rallypoint.policy.KeyPolicy.Known;
import dev.rallypoint.policy.KeyPolicy.Verdict;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.protocol.identity.PublicKey;
import dev.rallypoint.protocol.proto.RegisterPk;
import dev.rallypoint.registration.Home.Registration;
import dev.rallypoint.registration.Location.Presence;
import dev.rallypoint.store.PeerRow;
import java.time.Duration;
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

  private static final Duration KEEP_REGISTERED = Duration.ofMillis(FORGOTTEN_AFTER);
  private static final Duration KEEP_OFFLINE = Duration.ofSeconds(60);
  private static final Duration KEEP_UNKNOWN = Duration.ofSeconds(2);

  /** Milliseconds between two questions to all nodes, while not all of them answer. */
  private static final long QUERY_GAP = 1_000;

  /**
   * A message of the peer itself, as a node received it.
   *
   * @param leaseEpoch the epoch of the lease that the node has of the peer, or the epoch of the
   *     registration that the entity told it of; 0 when the node knows of none
   */
  record Contact(Home home, long leaseEpoch) {}

  /** The state after a change, and the home whose lease must be revoked for it, or null. */
  record Move(PeerState next, @Nullable Home displaced) {}

  /** This state with the row that the database holds. */
  PeerState with(Optional<PeerRow> row) {
    Known known = row.map(r -> new Known(r.uuid(), r.key(), r.ip())).orElse(null);
    return new PeerState(known, registration, epoch, isOffline, queryAfter);
  }

  /** This state with the key of a message, where it is the same: its lease holds that object. */
  PeerState sharing(ByteString key) {
    Known known = stored == null ? null : stored.sharing(key);
    return new PeerState(known, registration, epoch, isOffline, queryAfter);
  }

  /** The stored row, as the store returned it. */
  Optional<PeerRow> row(PeerId id) {
    return Optional.ofNullable(stored)
        .map(known -> new PeerRow(id, known.uuid(), known.key(), known.ip()));
  }

  /**
   * The peer registers by a message of its own. The registration gets an epoch greater than all
   * that are known, so that no report of the end of an older lease ends it.
   */
  Move register(Contact contact, long nowMillis) {
    long next = Math.max(epoch, contact.leaseEpoch) + 1;
    return moved(new Registration(contact.home, next, true, nowMillis));
  }

  /**
   * A home reports by itself that it has the peer, by a lease of this epoch. That is accepted when
   * the home is the known one, or its epoch is greater than all that are known, but not in place of
   * a home whose epoch this entity gave: the reported one is of an earlier incarnation, and older,
   * whatever its number. A home that is not accepted has to end its lease.
   */
  Move announce(Home home, long leaseEpoch, long nowMillis) {
    Registration current = at(home);
    if (current != null) {
      return leaseEpoch < current.epoch()
          ? new Move(this, null) // the newer lease is on its way there
          : moved(
              new Registration(
                  home,
                  leaseEpoch,
                  current.isNumberedHere() && leaseEpoch == current.epoch(),
                  nowMillis));
    }
    boolean isOlder = leaseEpoch <= epoch || registration != null && registration.isNumberedHere();
    return stored == null || isOlder
        ? new Move(knowing(leaseEpoch + 1), home)
        : moved(new Registration(home, leaseEpoch, false, nowMillis));
  }

  /**
   * A home renews its lease, which keeps its epoch. A link that has lost its lease says epoch 0; it
   * gets a new one where the peer is not registered elsewhere. A home that is not accepted hears
   * that by the answer.
   */
  Move renew(Contact contact, long nowMillis) {
    if (contact.leaseEpoch == 0) {
      boolean isFree = registration == null || at(contact.home) != null;
      return stored != null && isFree ? register(contact, nowMillis) : new Move(this, null);
    }
    Move move = announce(contact.home, contact.leaseEpoch, nowMillis);
    return move.next.at(contact.home) == null ? new Move(move.next, null) : move;
  }

  /** Whether {@link #renew} has granted a renewal, after it. */
  boolean isRenewed(Contact renewal) {
    long granted = epochAt(renewal.home);
    return granted != 0 && (renewal.leaseEpoch == 0 || renewal.leaseEpoch == granted);
  }

  /** The epoch by which the peer is registered at this home, or 0 when it is not. */
  long epochAt(Home home) {
    Registration current = at(home);
    return current == null ? 0 : current.epoch();
  }

  private Move moved(Registration next) {
    Home displaced = home();
    return new Move(
        new PeerState(stored, next, Math.max(epoch, next.epoch()), isOffline, null),
        next.home().equals(displaced) ? null : displaced);
  }

  private PeerState knowing(long otherEpoch) {
    return new PeerState(stored, registration, Math.max(epoch, otherEpoch), isOffline, queryAfter);
  }

  /**
   * A home reports that the peer fell silent or closed its connection. Only the current home is
   * accepted, and no lease that is older than the current one.
   */
  PeerState lapse(Home home, long leaseEpoch) {
    Registration current = at(home);
    if (current == null || leaseEpoch < current.epoch()) {
      return this;
    }
    long greatest = leaseEpoch == PeerCommand.ANY_EPOCH ? epoch : Math.max(epoch, leaseEpoch);
    return new PeerState(stored, null, greatest, true, queryAfter);
  }

  /** Forgets a home whose node is gone, or which has not renewed its lease for long. */
  PeerState withoutLostHome(LongPredicate isGone, long nowMillis) {
    return registration != null
            && (isGone.test(registration.node())
                || nowMillis - registration.confirmedMillis() >= FORGOTTEN_AFTER)
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
        : Location.online(registration.home(), stored.key());
  }

  /**
   * Whether a heartbeat to this home must be followed by the key. From another host than before a
   * peer must prove itself, or anybody could redirect it. While it is registered it must do so from
   * any other port or node too: a neighbour behind the same NAT, and whoever forges a source, has
   * the same host. A row of hbbs may lack the key; then the peer must always prove itself.
   */
  boolean requiresKey(Home from) {
    if (stored == null || stored.key().size() != PublicKey.LENGTH) {
      return true;
    }
    return registration == null
        ? !stored.ip().equals(from.address().ip())
        : !registration.home().equals(from);
  }

  /**
   * Whether a RegisterPk that the stored row admits must leave the peer at its present home: a home
   * gives way to the stored uuid and key only, and a link to no datagram, whose source and age
   * nothing proves. A link that is dead ends by its keep-alive.
   */
  boolean keepsHome(Home from, Change change) {
    if (registration == null || registration.home().equals(from)) {
      return false;
    }
    return change == Change.IDENTITY || registration.isLink() && !from.isLink();
  }

  /**
   * The epoch of the peer's home, when that is another one than this and the node that received the
   * message does not know it; else 0. The message may have waited there while the peer moved on. It
   * is taken when the node sends it again, with this epoch.
   */
  long epochUnknownTo(Contact contact) {
    return registration == null
            || registration.home().equals(contact.home)
            || registration.epoch() == contact.leaseEpoch
        ? 0
        : registration.epoch();
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
    boolean isAtHome = registration != null && registration.home().address().isSameHost(from);
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

  /**
   * How long the entity stays in memory while nobody asks it. A flood of invented ids must not keep
   * their entities for long.
   */
  Duration idleTimeout() {
    return stored == null ? KEEP_UNKNOWN : registration == null ? KEEP_OFFLINE : KEEP_REGISTERED;
  }

  @Nullable Home home() {
    return registration == null ? null : registration.home();
  }

  /** The registration, where it is at this home. */
  private @Nullable Registration at(Home home) {
    return home.equals(home()) ? registration : null;
  }
}
