package dev.rallypoint.registration;

import dev.rallypoint.config.NodeRole;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.metrics.Hop;
import dev.rallypoint.policy.limit.RegistrationThrottle.NewId;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.protocol.proto.RegisterPk;
import dev.rallypoint.protocol.proto.RegisterPkResponse.Result;
import dev.rallypoint.registration.PeerCommand.Outcome;
import dev.rallypoint.registration.PeerCommand.RegisterAnswer;
import dev.rallypoint.registration.PeerState.Contact;
import dev.rallypoint.registration.gate.RegistrationGate;
import dev.rallypoint.time.Ticker;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.apache.pekko.actor.Deploy;
import org.apache.pekko.actor.Props;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.internal.adapter.ActorAdapter;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.sharding.ClusterShardingSettings;
import org.apache.pekko.cluster.sharding.ShardRegion;
import org.apache.pekko.cluster.sharding.typed.ShardingEnvelope;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityRef;
import org.apache.pekko.japi.function.Function;
import org.jspecify.annotations.Nullable;

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

  private static final Duration SWEEP_GAP = Duration.ofSeconds(10);
  private static final int MAX_SWEPT = 20_000;

  private final ActorSystem<?> system;
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
      ActorSystem<?> system, IntSupplier otherNodes, Counters counters, int maxLate) {
    this.system = system;
    this.sharding = ClusterSharding.get(system);
    this.otherNodes = otherNodes;
    this.counters = counters;
    this.late = new Semaphore(maxLate);
  }

  /**
   * Takes part in the sharding: entities run on all nodes with the rendezvous role. They are typed
   * actors with the names, messages and shards that {@code Entity.of} would give them, but all of
   * one {@code Props}: the typed API makes props, a deployment and a supervisor for each entity,
   * which are a sixth of its memory. An entity that fails is started anew by its shard.
   */
  void init(RegistrationContext context) {
    org.apache.pekko.actor.ActorSystem classic = Adapter.toClassic(system);
    ClusterShardingSettings settings =
        ClusterShardingSettings.create(classic).withRole(NodeRole.RENDEZVOUS.word());
    Behavior<PeerCommand> behavior = PeerRegistration.create(context);
    org.apache.pekko.cluster.sharding.ClusterSharding region =
        org.apache.pekko.cluster.sharding.ClusterSharding.get(classic);
    region.start(
        PeerRegistration.KEY.name(),
        Props.create(ActorAdapter.class, () -> new ActorAdapter<>(behavior, false))
            .withDeploy(Deploy.local())
            .withMailbox("pekko.actor.typed.default-mailbox"),
        settings,
        new Envelopes(
            classic.settings().config().getInt("pekko.cluster.sharding.number-of-shards")),
        region.defaultShardAllocationStrategy(settings),
        PeerCommand.Stop.INSTANCE);
    system.systemActorOf(
        sweep(context), "peer-registration-sweep", org.apache.pekko.actor.typed.Props.empty());
  }

  /** Has entities look whether they are needed whose peers were not confirmed for long. */
  private static Behavior<PeerCommand> sweep(RegistrationContext context) {
    Behavior<PeerCommand> sweep =
        Behaviors.withTimers(timers -> {
          timers.startTimerWithFixedDelay(PeerCommand.Idle.INSTANCE, SWEEP_GAP);
          return Behaviors.receiveMessage(tick -> {
            context
                .passivation()
                .takeSilent(context.clock().millis(), MAX_SWEPT)
                .forEach(entity -> entity.tell(PeerCommand.Idle.INSTANCE));
            return Behaviors.same();
          });
        });
    return Behaviors.supervise(sweep).onFailure(SupervisorStrategy.restart());
  }

  /** Finds the entity of a message as the typed API does. */
  private static final class Envelopes extends ShardRegion.HashCodeMessageExtractor {
    Envelopes(int shards) {
      super(shards);
    }

    @Override
    public @Nullable String entityId(Object message) {
      return message instanceof ShardingEnvelope<?> envelope ? envelope.entityId() : null;
    }

    @Override
    public Object entityMessage(Object message) {
      return message instanceof ShardingEnvelope<?> envelope ? envelope.message() : message;
    }
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

  /**
   * Asks the gate and the entity about a RegisterPk; see {@link PeerDirectory#register}.
   *
   * @param clock since when the message is here
   */
  CompletionStage<RegisterAnswer> register(
      RegistrationGate gate,
      PeerId id,
      RegisterPk message,
      Optional<NewId> admitted,
      Contact contact,
      Ticker clock) {
    Optional<Result> refusal = gate.refusal(id);
    return refusal.isPresent()
        ? CompletableFuture.completedStage(RegisterAnswer.refused(refusal.get()))
        : register(id, message, admitted, contact, clock.millis(), clock)
            .thenCompose(answer ->
                answer.outcome() == Outcome.NEEDS_ADMISSION // the limits of new ids come after it
                    ? gate.judgeNew(id, message.getUuid(), contact.home().address())
                        .thenApply(why -> why.map(RegisterAnswer::refused).orElse(answer))
                    : CompletableFuture.completedStage(answer));
  }

  /**
   * Asks, and asks once more where the peer has a home that this node does not know, unless the
   * message is older by now than clients wait for its answer: then the peer may have moved on.
   */
  private CompletionStage<RegisterAnswer> register(
      PeerId id,
      RegisterPk message,
      Optional<NewId> admitted,
      Contact contact,
      long receivedAt,
      Ticker clock) {
    return this.<RegisterAnswer>askLong(
            id,
            Hop.REGISTER,
            replyTo ->
                new PeerCommand.Register(
                    message.getUuid(),
                    message.getPk(),
                    admitted.equals(Optional.of(NewId.STORED)),
                    admitted.equals(Optional.of(NewId.PROVISIONAL)),
                    contact,
                    replyTo))
        .thenCompose(answer ->
            answer.isOutdated() && clock.millis() - receivedAt < TIMEOUT.toMillis()
                ? register(
                    id,
                    message,
                    admitted,
                    new Contact(contact.home(), answer.epoch()),
                    receivedAt,
                    clock)
                : CompletableFuture.completedStage(answer));
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
