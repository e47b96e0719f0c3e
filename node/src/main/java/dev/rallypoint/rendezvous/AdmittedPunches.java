package dev.rallypoint.rendezvous;

import dev.rallypoint.cluster.ClusterMessage;
import dev.rallypoint.cluster.OtherNodes;
import dev.rallypoint.cluster.VitalPart;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.metrics.Hop;
import dev.rallypoint.policy.PunchAdmissions;
import dev.rallypoint.policy.PunchAdmissions.Admission;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.time.Ticker;
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

/**
 * The punch requests that were admitted lately, on whatever node: a client's RequestRelay comes on
 * a new connection, which may lead to another node than its punch request. What this node does not
 * know, it asks the other nodes. Safe for all threads.
 */
final class AdmittedPunches {
  private static final String NAME = "admitted-punches";
  private static final Duration TIMEOUT = Duration.ofSeconds(1);
  private static final int MAX_QUESTIONS = 1_000;
  private static final int MAX_OF_HOST = 50;

  private final PunchAdmissions here = new PunchAdmissions();
  private final OtherNodes otherNodes;
  private final Counters counters;
  private final Ticker ticker;
  private final AtomicInteger questions = new AtomicInteger();
  private final ConcurrentMap<PeerAddress, Integer> questionsOfHosts = new ConcurrentHashMap<>();

  /** Another node's question about a RequestRelay. */
  record Query(PeerAddress requester, PeerId target, String relay, ActorRef<Found> replyTo)
      implements ClusterMessage {}

  /** What a node knows of it, as in {@link Admission}. */
  record Found(boolean isAdmitted, boolean isNamed, String relay) implements ClusterMessage {
    static Found of(Admission known) {
      return new Found(known.isAdmitted(), known.isNamed(), known.relay());
    }

    Admission admission() {
      return new Admission(isAdmitted, isNamed, relay);
    }
  }

  /** Starts the actor that answers other nodes. */
  AdmittedPunches(ActorSystem<?> system, OtherNodes otherNodes, Counters counters, Ticker ticker) {
    this.otherNodes = otherNodes;
    this.counters = counters;
    this.ticker = ticker;
    VitalPart.spawn(system, responder(), NAME);
  }

  private Behavior<Query> responder() {
    return Behaviors.receiveMessage(query -> {
      query.replyTo.tell(Found.of(known(query.requester, query.target, query.relay)));
      return Behaviors.same();
    });
  }

  private Admission known(PeerAddress requester, PeerId target, String relay) {
    return here.find(requester, target, relay, ticker.millis());
  }

  /** A punch request was admitted on this node. */
  void admit(PeerAddress requester, PeerId target) {
    here.admit(requester, target, ticker.millis());
  }

  /** A relay was named in an attempt that was admitted on this node. */
  void name(PeerAddress requester, PeerId target, String relay) {
    here.name(requester, target, relay, ticker.millis());
  }

  /**
   * What all nodes know of a RequestRelay. Nothing when too many such questions are under way, for
   * all hosts or for this one.
   *
   * @param relay the relay in it, or empty when it need not have been named
   */
  CompletionStage<Admission> find(PeerAddress requester, PeerId target, String relay) {
    Admission known = known(requester, target, relay);
    if (known.isComplete() || otherNodes.count() == 0) {
      return CompletableFuture.completedStage(known);
    }
    PeerAddress host = requester.network();
    if (!begin(host)) {
      counters.dropped(DropReason.DIRECTORY_BUSY, requester);
      return CompletableFuture.completedStage(known);
    }
    counters.hop(Hop.PUNCH_ADMISSION, otherNodes.count());
    return otherNodes
        .<Query, Found>ask(
            NAME,
            replyTo -> new Query(requester, target, relay, replyTo),
            TIMEOUT,
            found -> found.admission().isComplete())
        .thenApply(answers -> {
          end(host);
          return answers.values().stream().map(Found::admission).reduce(known, Admission::or);
        });
  }

  private boolean begin(PeerAddress host) {
    if (questions.incrementAndGet() > MAX_QUESTIONS) {
      questions.decrementAndGet();
      return false;
    }
    if (questionsOfHosts.merge(host, 1, Integer::sum) > MAX_OF_HOST) {
      end(host);
      return false;
    }
    return true;
  }

  private void end(PeerAddress host) {
    questions.decrementAndGet();
    questionsOfHosts.computeIfPresent(host, (key, count) -> count == 1 ? null : count - 1);
  }
}
