package dev.rallypoint.registration;

import dev.rallypoint.config.NodeRole;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.metrics.Hop;
import dev.rallypoint.protocol.identity.PeerId;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityRef;
import org.apache.pekko.japi.function.Function;

/**
 * Sends messages to {@link PeerRegistration} entities, with timeouts, and counts both. Knows which
 * entities run on this node.
 */
final class RegistrationEntities {
  /** How long a client waits for an answer; it repeats its question after that. */
  static final Duration TIMEOUT = Duration.ofSeconds(3);

  /** The wait for a late lease; a shard is away for about so long after a crash. */
  static final Duration LATE_TIMEOUT = Duration.ofSeconds(25);

  /** Answers that are awaited for {@link #LATE_TIMEOUT}: each takes memory. */
  static final int MAX_LATE = 20_000;

  private final ClusterSharding sharding;
  private final Counters counters;
  private final Semaphore late;
  private final IntSupplier otherNodes;
  private final Live live = new Live();

  /** The ids whose entities run on this node, or are about to stop. Safe for all threads. */
  static final class Live {
    private final Set<PeerId> ids = ConcurrentHashMap.newKeySet();

    /** An entity has started, and knows nothing yet. */
    void add(PeerId id) {
      ids.add(id);
    }

    /** An entity stops, and has taken its last message. */
    void remove(PeerId id) {
      ids.remove(id);
    }

    boolean has(PeerId id) {
      return ids.contains(id);
    }
  }

  /**
   * @param otherNodes how many other nodes there are that run entities
   * @param maxLate further answers than these are awaited for {@link #TIMEOUT} only
   */
  RegistrationEntities(
      ClusterSharding sharding, IntSupplier otherNodes, Counters counters, int maxLate) {
    this.sharding = sharding;
    this.otherNodes = otherNodes;
    this.counters = counters;
    this.late = new Semaphore(maxLate);
  }

  /** Takes part in the sharding: entities run on all nodes with the rendezvous role. */
  void init(RegistrationContext context) {
    sharding.init(
        Entity.of(
                PeerRegistration.KEY,
                entity ->
                    PeerRegistration.create(
                        new PeerId(entity.getEntityId()), entity.getShard(), context))
            .withRole(NodeRole.RENDEZVOUS.word())
            .withStopMessage(PeerCommand.Stop.INSTANCE));
  }

  Live live() {
    return live;
  }

  /**
   * Whether the entity of an id may run, on this node or another. Where it does not, this node's
   * lease book and the database have all that is known of the id, and an entity that starts reads
   * both.
   */
  boolean mayRun(PeerId id) {
    return otherNodes.getAsInt() > 0 || live.has(id);
  }

  /** Tells an entity what it would learn by itself if it started now. */
  void tell(PeerId id, Hop kind, PeerCommand message) {
    if (mayRun(id)) {
      counters.hop(kind);
      entity(id).tell(message);
    }
  }

  /** Asks; fails when the entity does not answer within {@link #TIMEOUT}, which is counted. */
  <T> CompletionStage<T> ask(PeerId id, Hop kind, Function<ActorRef<T>, PeerCommand> question) {
    return counted(ask(id, kind, question, TIMEOUT));
  }

  /** Asks; fails when the entity does not answer within {@link #LATE_TIMEOUT}. */
  <T> CompletionStage<T> askLong(PeerId id, Hop kind, Function<ActorRef<T>, PeerCommand> question) {
    if (!late.tryAcquire()) {
      return ask(id, kind, question, TIMEOUT);
    }
    return ask(id, kind, question, LATE_TIMEOUT).whenComplete((answer, failure) -> late.release());
  }

  private <T> CompletionStage<T> ask(
      PeerId id, Hop kind, Function<ActorRef<T>, PeerCommand> question, Duration timeout) {
    counters.hop(kind);
    return entity(id).ask(question, timeout);
  }

  /** The same answer, for the client: fails after {@link #TIMEOUT}, which is counted. */
  <T> CompletionStage<T> inTime(CompletionStage<T> answer) {
    return counted(
        answer.toCompletableFuture().copy().orTimeout(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS));
  }

  private <T> CompletionStage<T> counted(CompletionStage<T> answer) {
    return answer.whenComplete((value, failure) -> {
      if (failure != null) {
        counters.dropped(DropReason.DIRECTORY_TIMEOUT);
      }
    });
  }

  private EntityRef<PeerCommand> entity(PeerId id) {
    return sharding.entityRefFor(PeerRegistration.KEY, id.value());
  }
}
