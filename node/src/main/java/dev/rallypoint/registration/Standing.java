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
import org.jspecify.annotations.Nullable;

/**
 * How it stands with one id: what is stored of it and where its peer is at home.
 *
 * @param known what the database holds, or null when nobody has the id
 * @param atHome where it is, or null when it was not heard lately
 * @param epoch the greatest epoch known, also of homes that are none any more
 */
record Standing(@Nullable Known known, @Nullable AtHome atHome, long epoch) {
  /**
   * Microseconds by which a home's word may be older than what another home has said, and lose by
   * that. Words wait for about as long where a shard is away; clocks that differ by more must not
   * keep a peer from its new home.
   */
  static final long LATE = 30_000_000;

  static final Standing NOTHING = new Standing(null, null, 0);

  /**
   * Where a peer is at home.
   *
   * @param epoch the home's
   * @param spokeAt when the peer itself spoke there, in microseconds of the wall clock of the
   *     home's node; 0 when that is not known
   * @param heardAt when the home was heard of last, in milliseconds of a monotonic clock
   */
  record AtHome(Home home, long epoch, long spokeAt, long heardAt) {}

  Standing with(Optional<PeerRow> stored) {
    return new Standing(
        stored.map(row -> new Known(row.uuid(), row.key(), row.ip())).orElse(null), atHome, epoch);
  }

  /** What is stored, as the store returned it. */
  Optional<PeerRow> row(PeerId id) {
    return Optional.ofNullable(known)
        .map(stored -> new PeerRow(id, stored.uuid(), stored.key(), stored.ip()));
  }

  /**
   * The peer takes a home by its own word: the home's epoch is greater than all that is known. A
   * lease that is only renewed keeps its epoch, so that it does not matter if the home hears of it.
   *
   * @param after the epoch of the home's lease, or 0
   * @param spokeAt when the peer spoke, by the wall clock of the home's node; 0 when not known
   * @param micros the wall clock, so that an entity that forgot still gives a greater one
   */
  Standing settled(Home home, long after, long spokeAt, long micros, long now) {
    if (atHome != null && atHome.home.equals(home) && atHome.epoch == after) {
      return new Standing(known, new AtHome(home, after, spokeAt, now), epoch);
    }
    long next = Math.max(Math.max(epoch, after) + 1, micros);
    return new Standing(known, new AtHome(home, next, spokeAt, now), next);
  }

  /** A home says that the peer is there, by a lease of this epoch. */
  Standing heard(Home home, long ofEpoch, long now) {
    long spokeAt = atHome != null && atHome.home.equals(home) ? atHome.spokeAt : 0;
    return new Standing(known, new AtHome(home, ofEpoch, spokeAt, now), Math.max(epoch, ofEpoch));
  }

  /** The peer is nowhere. */
  Standing away() {
    return new Standing(known, null, epoch);
  }

  boolean isAt(Home home) {
    return atHome != null && atHome.home.equals(home);
  }

  /** Whether a home's word that the peer left it is to be believed. */
  boolean isLeft(Home home, long ofEpoch) {
    return atHome != null && atHome.home.equals(home) && ofEpoch >= atHome.epoch;
  }

  /** Whether a home may tell the entity by itself that the peer is there. */
  boolean believes(Home home, long ofEpoch) {
    return known != null && (isAt(home) || ofEpoch > epoch);
  }

  /** Whether the renewal of a lease comes too late: the peer has taken another home since. */
  boolean supersedes(Home home, long ofEpoch) {
    return atHome != null && !atHome.home.equals(home) && atHome.epoch > ofEpoch;
  }

  /**
   * Whether what a peer said at a home was long on its way: since then it has spoken at a home on
   * another node. Words of one node come in their order.
   */
  boolean isOvertaken(Home home, long spokeAt) {
    if (atHome == null || atHome.home.node() == home.node() || spokeAt == 0) {
      return false;
    }
    long later = atHome.spokeAt - spokeAt;
    return later > 0 && later <= LATE;
  }

  /**
   * Whether a heartbeat from this address must be followed by the key: from another host a peer
   * proves itself first, or anyone could move it.
   */
  boolean requiresKey(PeerAddress from) {
    if (known == null || known.key().size() != PublicKey.LENGTH) {
      return true; // a file of hbbs may lack the key, and without it nobody can be sure of the peer
    }
    return atHome == null ? !known.ip().equals(from.ip()) : !atHome.home.address().isSameHost(from);
  }

  Verdict judge(PeerId id, ByteString uuid, ByteString key, PeerAddress from) {
    RegisterPk claim = RegisterPk.newBuilder().setId(id.value()).setUuid(uuid).setPk(key).build();
    return KeyPolicy.judge(Optional.ofNullable(known), claim, from.ip());
  }

  /** The stored key; empty when there is none. */
  ByteString key() {
    return known == null ? ByteString.EMPTY : known.key();
  }

  /** The ip stored, when it is another one than this; else empty. */
  String previousIp(String ip) {
    return known == null || known.ip().equals(ip) ? "" : known.ip();
  }

  Location location() {
    if (known == null) {
      return Location.absent(Presence.UNKNOWN);
    }
    return atHome == null
        ? Location.absent(Presence.OFFLINE)
        : Location.online(atHome.home.address(), atHome.home.writer(), known.key());
  }
}
