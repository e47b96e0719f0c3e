package dev.rallypoint.registration;

import dev.rallypoint.cluster.Members;
import dev.rallypoint.config.NodeRole;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.metrics.Hop;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.registration.PeerCommand.LetGone;
import dev.rallypoint.store.PeerStore;
import dev.rallypoint.time.Ticker;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The actor that lets go of ids that were never seen after their first day. Each node marks the new
 * ids that are at home there once they are a day old, which is one write in a device's life; then
 * the oldest node has those let go, by their entities, that still have no mark when their time is
 * over. It goes through the ids in pages, one a second at most.
 */
final class NewIdUpkeep {
  private static final Logger LOG = LoggerFactory.getLogger(NewIdUpkeep.class);
  private static final Duration DAY = Duration.ofDays(1);

  private final ActorContext<Command> context;
  private final TimerScheduler<Command> timers;
  private final PeerStore store;
  private final LeaseBook leases;
  private final Function<PeerId, CompletionStage<LetGone>> letGo;
  private final Counters counters;
  private final Ticker clock;
  private final Times times;
  private final BooleanSupplier isOldest;
  private final long startedMillis;

  sealed interface Command {}

  /** The next look at the ids. */
  enum Look implements Command {
    INSTANCE
  }

  private record Page(Step step, List<PeerId> ids, @Nullable Throwable failure)
      implements Command {}

  private record PageDone(Step step, Optional<PeerId> last) implements Command {}

  private record Continue(Step step, Optional<PeerId> after) implements Command {}

  private enum Step {
    MARK,
    LET_GO
  }

  /**
   * @param gap between two looks at all ids
   * @param settling how long after the start of the node no id is let go: its peers come back first
   * @param forgetAfter the age of an id that is let go; zero for never
   * @param page ids in one question to the database
   */
  record Times(Duration gap, Duration settling, Duration forgetAfter, int page) {
    static Times of(Duration forgetAfter) {
      return new Times(Duration.ofMinutes(10), Duration.ofHours(1), forgetAfter, 500);
    }
  }

  private NewIdUpkeep(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      PeerStore store,
      LeaseBook leases,
      Function<PeerId, CompletionStage<LetGone>> letGo,
      BooleanSupplier isOldest,
      Counters counters,
      Ticker clock,
      Times times) {
    this.context = context;
    this.timers = timers;
    this.store = store;
    this.leases = leases;
    this.letGo = letGo;
    this.isOldest = isOldest;
    this.counters = counters;
    this.clock = clock;
    this.times = times;
    this.startedMillis = clock.millis();
    timers.startTimerWithFixedDelay(Look.INSTANCE, times.gap);
  }

  /**
   * Starts the actor.
   *
   * @param forgetAfter the age of a new id that is let go; zero for never
   */
  static void start(
      ActorSystem<?> system,
      PeerStore store,
      LeaseBook leases,
      RegistrationEntities entities,
      Counters counters,
      Ticker clock,
      Duration forgetAfter) {
    system.systemActorOf(
        create(
            store,
            leases,
            id -> entities.ask(id, Hop.LET_GO, PeerCommand.LetGo::new),
            () -> Members.isOldest(system, NodeRole.RENDEZVOUS.word()),
            counters,
            clock,
            Times.of(forgetAfter)),
        "new-id-upkeep",
        Props.empty());
  }

  /**
   * The actor's behavior.
   *
   * @param letGo asks the entity of an id
   * @param isOldest whether this node is the one that has ids let go
   */
  static Behavior<Command> create(
      PeerStore store,
      LeaseBook leases,
      Function<PeerId, CompletionStage<LetGone>> letGo,
      BooleanSupplier isOldest,
      Counters counters,
      Ticker clock,
      Times times) {
    Behavior<Command> upkeep =
        Behaviors.setup(context ->
            Behaviors.withTimers(timers -> {
              NewIdUpkeep it =
                  new NewIdUpkeep(
                      context, timers, store, leases, letGo, isOldest, counters, clock, times);
              return Behaviors.receiveMessage(command -> {
                it.onCommand(command);
                return Behaviors.same();
              });
            }));
    return Behaviors.supervise(upkeep).onFailure(SupervisorStrategy.restart());
  }

  private void onCommand(Command command) {
    switch (command) {
      case Look look -> read(Step.MARK, Optional.empty());
      case Continue(Step step, Optional<PeerId> after) -> read(step, after);
      case Page(Step step, List<PeerId> ids, Throwable failure) when failure == null ->
          onPage(step, ids);
      case Page(Step step, List<PeerId> ids, Throwable failure) ->
          LOG.debug("cannot look for ids that were never seen again", failure); // at the next look
      case PageDone(Step step, Optional<PeerId> last) -> onPageDone(step, last);
    }
  }

  private void read(Step step, Optional<PeerId> after) {
    Duration age = step == Step.MARK ? DAY : times.forgetAfter;
    context.pipeToSelf(
        store.unseen(age, after, times.page),
        (ids, failure) -> new Page(step, ids == null ? List.of() : ids, failure));
  }

  private void onPage(Step step, List<PeerId> ids) {
    Optional<PeerId> last = ids.size() < times.page ? Optional.empty() : Optional.of(ids.getLast());
    CompletionStage<?> done =
        switch (step) {
          case MARK -> mark(ids);
          case LET_GO -> letGo(ids);
        };
    context.pipeToSelf(done, (all, failure) -> new PageDone(step, last));
  }

  private CompletionStage<?> mark(List<PeerId> ids) {
    BitSet online = leases.online(ids.stream().map(PeerId::value).toList(), clock.millis());
    return online.isEmpty()
        ? CompletableFuture.completedStage(0)
        : store.markSeen(online.stream().mapToObj(ids::get).toList());
  }

  private CompletionStage<?> letGo(List<PeerId> ids) {
    return CompletableFuture.allOf(
        ids.stream()
            .map(id ->
                letGo
                    .apply(id)
                    .thenAccept(answer -> counters.count(Event.IDS_LET_GO, answer.isGone() ? 1 : 0))
                    .toCompletableFuture())
            .toArray(CompletableFuture<?>[]::new));
  }

  private void onPageDone(Step step, Optional<PeerId> last) {
    if (last.isPresent()) {
      timers.startSingleTimer(new Continue(step, last), Duration.ofSeconds(1));
    } else if (step == Step.MARK && mayLetGo()) {
      read(Step.LET_GO, Optional.empty());
    }
  }

  private boolean mayLetGo() {
    return !times.forgetAfter.isZero()
        && isOldest.getAsBoolean()
        && clock.millis() - startedMillis >= times.settling.toMillis();
  }
}
