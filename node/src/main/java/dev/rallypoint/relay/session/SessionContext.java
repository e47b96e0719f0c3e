package dev.rallypoint.relay.session;

import java.time.Duration;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;

/**
 * What a session is given.
 *
 * @param pairWait how long the first leg waits for the second
 * @param tickets makes a ticket that nobody can guess
 * @param shard where it says that it is done
 * @param again sends a message to this uuid's session once more: one that came too late here, or
 *     what the next incarnation must know
 * @param witnesses homes to be asked what the session may have been before; none when it is certain
 *     that it is new
 * @param hasHeir whether another node could take the shard; a message that is kept for a shard
 *     without a place would hold up the last node's end
 */
public record SessionContext(
    Duration pairWait,
    Supplier<Ticket> tickets,
    ActorRef<ClusterSharding.ShardCommand> shard,
    Consumer<RelaySession.Command> again,
    Supplier<Set<ActorRef<SessionReply>>> witnesses,
    BooleanSupplier hasHeir) {}
