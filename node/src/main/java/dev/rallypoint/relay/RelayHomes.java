package dev.rallypoint.relay;

import java.time.Duration;
import java.util.Set;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.receptionist.Receptionist;
import org.apache.pekko.actor.typed.receptionist.ServiceKey;
import org.apache.pekko.cluster.ClusterEvent.MemberEvent;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Subscribe;

/**
 * The legs' homes of all nodes, and whether a session should ask them what it may have been: for
 * two minutes after a node came or went, for only then shards move. Safe for all threads.
 */
final class RelayHomes {
  private static final ServiceKey<LegAnswer> KEY = ServiceKey.create(LegAnswer.class, "leg-homes");
  private static final long UNSETTLED = Duration.ofMinutes(2).toNanos();

  private final LongSupplier clock;
  private volatile Set<ActorRef<LegAnswer>> homes = Set.of();
  private volatile long lastChange;

  private sealed interface News {}

  private record Listed(Set<ActorRef<LegAnswer>> homes) implements News {}

  private enum Changed implements News {
    NOW
  }

  private RelayHomes(LongSupplier clock) {
    this.clock = clock;
    this.lastChange = clock.getAsLong();
  }

  /**
   * Begins to listen.
   *
   * @param clock monotonic nanoseconds
   */
  static RelayHomes start(ActorSystem<?> system, LongSupplier clock) {
    RelayHomes created = new RelayHomes(clock);
    system.systemActorOf(created.listening(), RelayStart.unique("relay-homes"), Props.empty());
    return created;
  }

  /** A node's home is there for as long as it lives. */
  static void register(ActorSystem<?> system, ActorRef<LegAnswer> home) {
    system.receptionist().tell(Receptionist.register(KEY, home));
  }

  /** Whom a new session is to ask; nobody when its shard was certainly always here. */
  Set<ActorRef<LegAnswer>> witnesses() {
    boolean isSettled = clock.getAsLong() - lastChange > UNSETTLED;
    return isSettled || homes.size() < 2 ? Set.of() : homes;
  }

  private Behavior<News> listening() {
    return Behaviors.setup(context -> {
      context
          .getSystem()
          .receptionist()
          .tell(
              Receptionist.subscribe(
                  KEY,
                  context.messageAdapter(
                      Receptionist.Listing.class,
                      listing -> new Listed(listing.getServiceInstances(KEY)))));
      Cluster.get(context.getSystem())
          .subscriptions()
          .tell(
              Subscribe.create(
                  context.messageAdapter(MemberEvent.class, event -> Changed.NOW),
                  MemberEvent.class));
      return Behaviors.receiveMessage(news -> {
        switch (news) {
          case Listed listed -> homes = Set.copyOf(listed.homes);
          case Changed changed -> lastChange = clock.getAsLong();
        }
        return Behaviors.same();
      });
    });
  }
}
