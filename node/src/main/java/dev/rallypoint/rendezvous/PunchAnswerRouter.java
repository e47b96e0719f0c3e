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
 * Brings targets' answers to the requesters they name, on whatever node those are: by this node's
 * own connections, by the requester's session, and where that is away or has forgotten, by asking
 * all nodes. Safe for all threads.
 */
final class PunchAnswerRouter {
  /** A session that says nothing for so long is away. */
  private static final Duration SESSION_PATIENCE = Duration.ofMillis(400);

  private static final Duration SEARCH_PATIENCE = Duration.ofSeconds(1);

  /** So many milliseconds after members came or went, a session may have lost what it knew. */
  private static final long UNSETTLED_FOR = 300_000;

  private static final int MOST_ANSWERS = 20_000;
  private static final int MOST_SEARCHES = 1_000;

  private final ClusterSharding sharding;
  private final OtherNodes neighbours;
  private final Counters counters;
  private final ConcurrentMap<PeerAddress, ActorRef<Object>> here;
  private final AtomicInteger answers = new AtomicInteger();
  private final AtomicInteger searches = new AtomicInteger();

  private PunchAnswerRouter(
      ClusterSharding sharding,
      OtherNodes neighbours,
      Counters counters,
      ConcurrentMap<PeerAddress, ActorRef<Object>> here) {
    this.sharding = sharding;
    this.neighbours = neighbours;
    this.counters = counters;
    this.here = here;
  }

  /**
   * Takes part in the sharding, before the node joins; a node without connections of requesters has
   * none of the sessions.
   */
  static void shard(ActorSystem<?> system) {
    ClusterSharding.get(system)
        .init(
            Entity.of(PunchSession.KEY, entity -> PunchSession.create(entity.getShard()))
                .withRole(NodeRole.RENDEZVOUS.word())
                .withStopMessage(Stop.INSTANCE));
  }

  static PunchAnswerRouter start(ActorSystem<?> system, OtherNodes neighbours, Counters counters) {
    ConcurrentMap<PeerAddress, ActorRef<Object>> here = new ConcurrentHashMap<>();
    VitalPart.spawn(system, PunchAnswerReceiver.create(here), PunchAnswerReceiver.NAME);
    return new PunchAnswerRouter(ClusterSharding.get(system), neighbours, counters, here);
  }

  /**
   * A requester is on this connection; said before its target hears of it.
   *
   * @return complete once its session knows, or is found to be away
   */
  CompletionStage<Known> open(PeerAddress requester, ActorRef<Object> connection) {
    here.put(requester, connection);
    counters.hop(Hop.PUNCH_OPEN);
    return session(requester)
        .<Known>ask(replyTo -> new Open(connection, replyTo), SESSION_PATIENCE)
        .exceptionally(away -> new Known(false));
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
    TargetAnswered answer = new TargetAnswered(message.toByteString(), source, byUdp);
    ActorRef<Object> connection = here.get(requester);
    if (connection != null) {
      connection.tell(answer);
    } else if (answers.incrementAndGet() > MOST_ANSWERS) {
      answers.decrementAndGet();
      counters.dropped(DropReason.DIRECTORY_BUSY);
    } else {
      deliver(requester, answer);
    }
    return true;
  }

  private void deliver(PeerAddress requester, TargetAnswered answer) {
    counters.hop(Hop.PUNCH_ANSWER);
    session(requester)
        .<Known>ask(replyTo -> new Deliver(answer, replyTo), SESSION_PATIENCE)
        .whenComplete((known, away) -> {
          answers.decrementAndGet();
          if (away != null || !known.isKnown() && neighbours.hasChangedWithin(UNSETTLED_FOR)) {
            search(requester, answer);
          } else if (!known.isKnown()) {
            counters.dropped(DropReason.ANSWER_UNASKED);
          }
        });
  }

  private void search(PeerAddress requester, TargetAnswered answer) {
    if (searches.incrementAndGet() > MOST_SEARCHES) {
      searches.decrementAndGet();
      counters.dropped(DropReason.DIRECTORY_BUSY);
      return;
    }
    counters.hop(Hop.PUNCH_SEARCH, neighbours.count());
    CompletionStage<Answers<Known>> found =
        neighbours.ask(
            PunchAnswerReceiver.NAME,
            replyTo -> new PunchAnswerReceiver.Search(requester, answer, replyTo),
            SEARCH_PATIENCE,
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

  /** How many requesters on this node have asked, and are still there to hear the answer. */
  int requesters() {
    return here.size();
  }

  /** The requester's connection is gone. */
  void close(PeerAddress requester, ActorRef<Object> connection) {
    here.remove(requester, connection);
    counters.hop(Hop.PUNCH_OPEN);
    session(requester).tell(new Close(connection));
  }

  private EntityRef<Command> session(PeerAddress requester) {
    return sharding.entityRefFor(PunchSession.KEY, requester.toString());
  }
}
