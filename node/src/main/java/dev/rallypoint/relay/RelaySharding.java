package dev.rallypoint.relay;

import dev.rallypoint.cluster.Members;
import dev.rallypoint.config.NodeRole;
import dev.rallypoint.config.RelaySettings;
import dev.rallypoint.relay.legs.NodeLegsRegistry;
import dev.rallypoint.relay.session.RelaySession;
import dev.rallypoint.relay.session.SessionCommand;
import dev.rallypoint.relay.session.SessionContext;
import dev.rallypoint.relay.session.Ticket;
import dev.rallypoint.time.Ticker;
import java.security.SecureRandom;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;

/** The node's share of the sharded {@link RelaySession}s. */
public final class RelaySharding {
  private RelaySharding() {}

  /**
   * Takes part in the sharding of sessions; once, before the node joins, because a cluster moves no
   * shard while a member does not take part. A node that does not relay gets none of the sessions.
   */
  public static void init(ActorSystem<?> system, RelaySettings settings) {
    ClusterSharding sharding = ClusterSharding.get(system);
    SecureRandom random = new SecureRandom();
    NodeLegsRegistry nodes = NodeLegsRegistry.start(system, Ticker.SYSTEM);
    sharding.init(
        Entity.of(
                RelaySession.KEY,
                entity ->
                    RelaySession.create(
                        entity.getEntityId(),
                        new SessionContext(
                            settings.pairWait(),
                            () -> Ticket.draw(random),
                            entity.getShard(),
                            message ->
                                sharding
                                    .entityRefFor(RelaySession.KEY, entity.getEntityId())
                                    .tell(message),
                            nodes::nodesToAsk,
                            () ->
                                Members.othersUp(system, NodeRole.RELAY.word())
                                    .findAny()
                                    .isPresent())))
            .withRole(NodeRole.RELAY.word())
            .withStopMessage(SessionCommand.Stop.NOW));
  }
}
