package dev.rallypoint.rendezvous;

import com.google.protobuf.ByteString;
import dev.rallypoint.protocol.address.AddressMangler;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.rendezvous.PunchSession.Close;
import dev.rallypoint.rendezvous.PunchSession.Command;
import dev.rallypoint.rendezvous.PunchSession.Kind;
import dev.rallypoint.rendezvous.PunchSession.Open;
import dev.rallypoint.rendezvous.PunchSession.Opened;
import dev.rallypoint.rendezvous.PunchSession.Stop;
import dev.rallypoint.rendezvous.PunchSession.TargetAnswered;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityRef;

/** The door to the punch sessions of all nodes. Safe for all threads. */
final class PunchSessions {
  private static final Duration PATIENCE = Duration.ofSeconds(3);

  private final ClusterSharding sharding;

  private PunchSessions(ClusterSharding sharding) {
    this.sharding = sharding;
  }

  static PunchSessions start(ActorSystem<?> system, PunchSession.Surroundings around) {
    ClusterSharding sharding = ClusterSharding.get(system);
    sharding.init(
        Entity.of(PunchSession.KEY, entity -> PunchSession.create(entity.getShard(), around))
            .withStopMessage(Stop.INSTANCE));
    return new PunchSessions(sharding);
  }

  /** Opens an attempt of a requester, before its target hears of it. */
  CompletionStage<Opened> open(
      PeerAddress requester,
      ActorRef<Object> connection,
      PeerId target,
      Kind kind,
      ByteString targetKey,
      boolean byUdp) {
    return session(requester)
        .ask(replyTo -> new Open(target, kind, targetKey, byUdp, connection, replyTo), PATIENCE);
  }

  /**
   * Hands a target's message to the requester it names.
   *
   * @param mangled the message's {@code socket_addr}
   * @return whether it names any
   */
  boolean answered(
      ByteString mangled, RendezvousMessage message, PeerAddress source, boolean byUdp) {
    PeerAddress requester = AddressMangler.decode(mangled);
    if (!requester.isSendable()) {
      return false;
    }
    session(requester).tell(new TargetAnswered(message.toByteString(), source, byUdp));
    return true;
  }

  /** The requester's connection is gone. */
  void close(PeerAddress requester, ActorRef<Object> connection) {
    session(requester).tell(new Close(connection));
  }

  private EntityRef<Command> session(PeerAddress requester) {
    return sharding.entityRefFor(PunchSession.KEY, requester.toString());
  }
}
