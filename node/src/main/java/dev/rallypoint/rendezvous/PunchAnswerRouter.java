package dev.rallypoint.rendezvous;

import com.google.protobuf.ByteString;
import dev.rallypoint.cluster.OtherNodes;
import dev.rallypoint.cluster.OtherNodes.Answers;
import dev.rallypoint.cluster.VitalPart;
import dev.rallypoint.config.NodeRole;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.metrics.Hop;
import dev.rallypoint.protocol.address.AddressMangler;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.rendezvous.PunchSession.Close;
import dev.rallypoint.rendezvous.PunchSession.Command;
import dev.rallypoint.rendezvous.PunchSession.Deliver;
import dev.rallypoint.rendezvous.PunchSession.Known;
import dev.rallypoint.rendezvous.PunchSession.Open;
import dev.rallypoint.rendezvous.PunchSession.Stop;
import dev.rallypoint.rendezvous.PunchSession.TargetAnswered;
import dev.rallypoint.transport.Link;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityRef;

/**
 * Delivers targets' answers to the requesters they name, on whatever node those are connected: to a
 * connection of this node, else by the requester's {@link PunchSession}, and when that does not
 * answer or does not know the requester, by asking all nodes. Safe for all threads.
 */
final class PunchAnswerRouter {
  private static final Duration SESSION_TIMEOUT = Duration.ofMillis(400);

  private static final Duration SEARCH_TIMEOUT = Duration.ofSeconds(1);

  /** How long after nodes came or went a session may have lost its connection, in milliseconds. */
  private static final long UNSETTLED_FOR = 300_000;

  private static final int MAX_DELIVERIES = 20_000;
  private static final int MAX_SEARCHES = 1_000;

  private final ClusterSharding sharding;
  private final OtherNodes otherNodes;
  private final Counters counters;
  private final ConcurrentMap<PeerAddress, ActorRef<Link.Message>> requesters;
  private final AtomicInteger deliveries = new AtomicInteger();
  private final AtomicInteger searches = new AtomicInteger();

  private PunchAnswerRouter(
      ClusterSharding sharding,
      OtherNodes otherNodes,
      Counters counters,
      ConcurrentMap<PeerAddress, ActorRef<Link.Message>> requesters) {
    this.sharding = sharding;
    this.otherNodes = otherNodes;
    this.counters = counters;
    this.requesters = requesters;
  }

  /** Takes part in the sharding of sessions; called before the node joins its cluster. */
  static void shard(ActorSystem<?> system) {
    ClusterSharding.get(system)
        .init(
            Entity.of(PunchSession.KEY, entity -> PunchSession.create(entity.getShard()))
                .withRole(NodeRole.RENDEZVOUS.word())
                .withStopMessage(Stop.INSTANCE));
  }

  /** Starts the router of a node. */
  static PunchAnswerRouter start(ActorSystem<?> system, OtherNodes otherNodes, Counters counters) {
    ConcurrentMap<PeerAddress, ActorRef<Link.Message>> requesters = new ConcurrentHashMap<>();
    VitalPart.spawn(system, PunchAnswerReceiver.create(requesters), PunchAnswerReceiver.NAME);
    return new PunchAnswerRouter(ClusterSharding.get(system), otherNodes, counters, requesters);
  }

  /**
   * A requester has this connection; called before its target is told anything.
   *
   * @return complete once the requester's session knows the connection, or does not answer in time
   */
  CompletionStage<Known> open(PeerAddress requester, ActorRef<Link.Message> connection) {
    requesters.put(requester, connection);
    counters.hop(Hop.PUNCH_OPEN);
    return session(requester)
        .<Known>ask(replyTo -> new Open(connection, replyTo), SESSION_TIMEOUT)
        .exceptionally(timeout -> new Known(false));
  }

  /**
   * Delivers a target's answer to the requester it names.
   *
   * @param socketAddr the answer's {@code socket_addr}: the requester's mangled address
   * @param source the target's address
   * @param byUdp whether the target sent the answer by UDP
   * @return false when it names no requester
   */
  boolean deliver(
      ByteString socketAddr, RendezvousMessage message, PeerAddress source, boolean byUdp) {
    PeerAddress requester = AddressMangler.decode(socketAddr);
    if (!requester.isSendable()) {
      return false;
    }
    TargetAnswered answer = new TargetAnswered(message.toByteString(), source, byUdp);
    ActorRef<Link.Message> connection = requesters.get(requester);
    if (connection != null) {
      connection.tell(answer);
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
        .<Known>ask(replyTo -> new Deliver(answer, replyTo), SESSION_TIMEOUT)
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
    CompletionStage<Answers<Known>> found =
        otherNodes.ask(
            PunchAnswerReceiver.NAME,
            replyTo -> new PunchAnswerReceiver.Search(requester, answer, replyTo),
            SEARCH_TIMEOUT,
            Known::isKnown);
    found.thenAccept(known -> {
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
    requesters.remove(requester, connection);
    counters.hop(Hop.PUNCH_OPEN);
    session(requester).tell(new Close(connection));
  }

  private EntityRef<Command> session(PeerAddress requester) {
    return sharding.entityRefFor(PunchSession.KEY, requester.toString());
  }
}
