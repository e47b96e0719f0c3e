package dev.rallypoint.rendezvous;

import com.google.protobuf.ByteString;
import dev.rallypoint.cluster.ClusterMessage;
import dev.rallypoint.cluster.OtherNodes;
import dev.rallypoint.cluster.VitalPart;
import dev.rallypoint.config.NodeRole;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.metrics.Hop;
import dev.rallypoint.protocol.address.AddressMangler;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.rendezvous.PunchSession.Known;
import dev.rallypoint.rendezvous.PunchSession.TargetAnswered;
import dev.rallypoint.transport.Link;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityRef;

/**
 * Delivers targets' answers to the requesters they name, on whatever node those are connected: to a
 * connection of this node, else by the requester's {@link PunchSession}, and when that does not
 * answer or does not know the requester, by asking all nodes. Safe for all threads.
 */
final class PunchAnswerRouter {
  private static final String NAME = "punch-answers";
  private static final Duration SESSION_TIMEOUT = Duration.ofMillis(400);
  private static final Duration SEARCH_TIMEOUT = Duration.ofSeconds(1);

  /** How long after nodes came or went a session may have lost its connection, in milliseconds. */
  private static final long UNSETTLED_FOR = 300_000;

  private static final int MAX_DELIVERIES = 20_000;
  private static final int MAX_SEARCHES = 1_000;

  private final ClusterSharding sharding;
  private final OtherNodes otherNodes;
  private final Counters counters;
  private final ConcurrentMap<PeerAddress, Asking> requesters = new ConcurrentHashMap<>();
  private final AtomicInteger deliveries = new AtomicInteger();
  private final AtomicInteger searches = new AtomicInteger();

  /**
   * A requester's connection to this node.
   *
   * @param hasSession whether its session was told: not while no other node could ask for it
   */
  private record Asking(ActorRef<Link.Message> connection, boolean hasSession) {
    boolean isOf(ActorRef<Link.Message> other) {
      return connection.equals(other);
    }
  }

  /** Another node's question: a target's answer, to be passed on if its requester is here. */
  record Search(PeerAddress requester, TargetAnswered answer, ActorRef<Known> replyTo)
      implements ClusterMessage {}

  /** Starts the router of a node. */
  PunchAnswerRouter(ActorSystem<?> system, OtherNodes otherNodes, Counters counters) {
    this.sharding = ClusterSharding.get(system);
    this.otherNodes = otherNodes;
    this.counters = counters;
    VitalPart.spawn(system, receiver(requesters), NAME);
  }

  /** Takes part in the sharding of sessions; called before the node joins its cluster. */
  static void shard(ActorSystem<?> system) {
    ClusterSharding.get(system)
        .init(
            Entity.of(PunchSession.KEY, entity -> PunchSession.create(entity.getShard()))
                .withRole(NodeRole.RENDEZVOUS.word())
                .withStopMessage(PunchSession.Stop.INSTANCE));
  }

  /** The actor, the same on each node, that other nodes' searches come to. */
  private static Behavior<Search> receiver(ConcurrentMap<PeerAddress, Asking> requesters) {
    return Behaviors.receiveMessage(search -> {
      Asking asking = requesters.get(search.requester);
      if (asking != null) {
        asking.connection.tell(search.answer);
      }
      search.replyTo.tell(new Known(asking != null));
      return Behaviors.same();
    });
  }

  /**
   * A requester has this connection; called before its target is told anything. A node that knows
   * of no other node needs no session: one that comes later asks all nodes for a while.
   *
   * @return complete once the requester's session knows the connection, or does not answer in time
   */
  CompletionStage<Known> open(PeerAddress requester, ActorRef<Link.Message> connection) {
    boolean isAlone = otherNodes.count() == 0;
    requesters.compute(
        requester,
        (address, known) ->
            new Asking(
                connection,
                !isAlone || known != null && known.hasSession && known.isOf(connection)));
    if (isAlone) {
      return CompletableFuture.completedStage(new Known(true));
    }
    counters.hop(Hop.PUNCH_OPEN);
    return session(requester)
        .<Known>ask(replyTo -> new PunchSession.Open(connection, replyTo), SESSION_TIMEOUT)
        .exceptionally(timeout -> new Known(false));
  }

  /**
   * Delivers a target's answer to the requester it names.
   *
   * @param socketAddr the answer's {@code socket_addr}: the requester's mangled address
   * @param source the target's address
   * @param byUdp whether the target sent the answer by UDP
   * @return false when it names no requester, or none that any node can know
   */
  boolean deliver(
      ByteString socketAddr, RendezvousMessage message, PeerAddress source, boolean byUdp) {
    PeerAddress requester = AddressMangler.decode(socketAddr);
    if (!requester.isSendable()) {
      return false;
    }
    TargetAnswered answer = new TargetAnswered(message.toByteString(), source, byUdp);
    Asking asking = requesters.get(requester);
    if (asking != null) {
      asking.connection.tell(answer);
    } else if (otherNodes.count() == 0) {
      return false; // there is no node but this one that could know it
    } else if (deliveries.incrementAndGet() > MAX_DELIVERIES) {
      deliveries.decrementAndGet();
      counters.dropped(DropReason.DIRECTORY_BUSY);
    } else {
      deliverBySession(requester, answer);
    }
    return true;
  }

  private void deliverBySession(PeerAddress requester, TargetAnswered answer) {
    counters.hop(Hop.PUNCH_ANSWER);
    session(requester)
        .<Known>ask(replyTo -> new PunchSession.Deliver(answer, replyTo), SESSION_TIMEOUT)
        .whenComplete((known, timeout) -> {
          deliveries.decrementAndGet();
          if (timeout != null || !known.isKnown() && otherNodes.hasChangedWithin(UNSETTLED_FOR)) {
            search(requester, answer);
          } else if (!known.isKnown()) {
            counters.dropped(DropReason.ANSWER_UNASKED);
          }
        });
  }

  private void search(PeerAddress requester, TargetAnswered answer) {
    if (searches.incrementAndGet() > MAX_SEARCHES) {
      searches.decrementAndGet();
      counters.dropped(DropReason.DIRECTORY_BUSY);
      return;
    }
    counters.hop(Hop.PUNCH_SEARCH, otherNodes.count());
    otherNodes
        .<Search, Known>ask(
            NAME, replyTo -> new Search(requester, answer, replyTo), SEARCH_TIMEOUT, Known::isKnown)
        .thenAccept(known -> {
          searches.decrementAndGet();
          if (known.values().stream().anyMatch(Known::isKnown)) {
            counters.count(Event.ANSWERS_FOUND_BY_SEARCH);
          } else {
            counters.dropped(DropReason.ANSWER_UNASKED);
          }
        });
  }

  /** How many requesters on this node have asked for a target and are still connected. */
  int requesters() {
    return requesters.size();
  }

  /** The requester's connection is closed. */
  void close(PeerAddress requester, ActorRef<Link.Message> connection) {
    Asking known = requesters.get(requester);
    boolean hasSession = known == null || !known.isOf(connection) || known.hasSession;
    if (known != null && known.isOf(connection)) {
      requesters.remove(requester, known);
    }
    if (hasSession) {
      counters.hop(Hop.PUNCH_OPEN);
      session(requester).tell(new PunchSession.Close(connection));
    }
  }

  private EntityRef<PunchSession.Command> session(PeerAddress requester) {
    return sharding.entityRefFor(PunchSession.KEY, requester.toString());
  }
}
