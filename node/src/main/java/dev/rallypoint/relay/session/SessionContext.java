package dev.rallypoint.relay.session;

import java.time.Duration;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;

/**
 * What a session uses of its node.
 *
 * @param pairWait how long the first leg waits for the second
 * @param tickets makes a ticket that cannot be guessed
 * @param shard the session's shard, which it asks for passivation
 * @param resend sends a message to this uuid's session again: one that came too late here, or what
 *     the next incarnation must know
 * @param nodesToAsk the nodes to ask what the session was before; none when it is certainly new
 * @param canMove whether another node could take the shard; a message that is kept for a shard
 *     without a node would delay the shutdown of the last one
 */
public record SessionContext(
    Duration pairWait,
    Supplier<Ticket> tickets,
    ActorRef<ClusterSharding.ShardCommand> shard,
    Consumer<SessionCommand> resend,
    Supplier<Set<ActorRef<SessionReply>>> nodesToAsk,
    BooleanSupplier canMove) {}
