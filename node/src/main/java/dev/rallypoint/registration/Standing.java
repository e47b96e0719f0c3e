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
import dev.rallypoint.transport.Push;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/**
 * How it stands with one id: what is stored of it and where its peer is at home.
 *
 * @param known what the database holds, or null when nobody has the id
 * @param atHome where it is, or null when it was not heard lately
 */
record Standing(@Nullable Known known, @Nullable AtHome atHome) {
  static final Standing NOTHING = new Standing(null, null);

  /**
   * Where a peer is at home.
   *
   * @param address its mapped address
   * @param home what writes to it
   */
  record AtHome(PeerAddress address, ActorRef<Push> home) {}

  Standing with(Optional<PeerRow> stored) {
    return new Standing(
        stored.map(row -> new Known(row.uuid(), row.key(), row.ip())).orElse(null), atHome);
  }

  /** What is stored, as the store returned it. */
  Optional<PeerRow> row(PeerId id) {
    return Optional.ofNullable(known)
        .map(stored -> new PeerRow(id, stored.uuid(), stored.key(), stored.ip()));
  }

  Standing at(@Nullable AtHome place) {
    return new Standing(known, place);
  }

  /**
   * Whether a heartbeat from this address must be followed by the key: from another host a peer
   * proves itself first, or anyone could move it.
   */
  boolean requiresKey(PeerAddress from) {
    if (known == null || known.key().size() != PublicKey.LENGTH) {
      return true; // a file of hbbs may lack the key, and without it nobody can be sure of the peer
    }
    return atHome == null ? !known.ip().equals(from.ip()) : !atHome.address.isSameHost(from);
  }

  Verdict judge(PeerId id, ByteString uuid, ByteString key, PeerAddress from) {
    RegisterPk claim = RegisterPk.newBuilder().setId(id.value()).setUuid(uuid).setPk(key).build();
    return KeyPolicy.judge(Optional.ofNullable(known), claim, from.ip());
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
        : Location.online(atHome.address, atHome.home, known.key());
  }
}
