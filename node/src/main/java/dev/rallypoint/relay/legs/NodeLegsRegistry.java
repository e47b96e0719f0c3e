package dev.rallypoint.relay.legs;

import dev.rallypoint.cluster.VitalPart;
import dev.rallypoint.relay.session.SessionReply;
import dev.rallypoint.time.Ticker;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
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
public final class NodeLegsRegistry {
  private static final ServiceKey<SessionReply> KEY =
      ServiceKey.create(SessionReply.class, "leg-homes");
  private static final long UNSETTLED = Duration.ofMinutes(2).toNanos();

  private final Ticker clock;
  private volatile Set<ActorRef<SessionReply>> homes = Set.of();
  private volatile long lastChange;

  private sealed interface News {}

  private record Listed(Set<ActorRef<SessionReply>> homes) implements News {}

  private enum Changed implements News {
    NOW
  }

  private NodeLegsRegistry(Ticker clock) {
    this.clock = clock;
    this.lastChange = clock.nanos();
  }

  /**
   * Begins to listen.
   *
   * @param clock the clock for durations
   */
  public static NodeLegsRegistry start(ActorSystem<?> system, Ticker clock) {
    NodeLegsRegistry created = new NodeLegsRegistry(clock);
    new VitalPart(system, "relay-homes")
        .spawn(created.listening(), unique("relay-homes"), Props.empty());
    return created;
  }

  /** A name for an actor; one system may run several relays, as tests do. */
  public static String unique(String name) {
    return name + "-" + UUID.randomUUID();
  }

  /** A node's home is there for as long as it lives. */
  static void register(ActorSystem<?> system, ActorRef<SessionReply> home) {
    system.receptionist().tell(Receptionist.register(KEY, home));
  }

  /** Whom a new session is to ask; nobody when its shard was certainly always here. */
  public Set<ActorRef<SessionReply>> witnesses() {
    boolean isSettled = clock.nanos() - lastChange > UNSETTLED;
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
          case Changed changed -> lastChange = clock.nanos();
        }
        return Behaviors.same();
      });
    });
  }
}
