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
 * The {@link NodeLegs} actors of all nodes, and which of them a new session must ask what it was
 * before: all, for two minutes after a node came or went, because only then shards move. Safe for
 * all threads.
 */
public final class NodeLegsRegistry {
  private static final ServiceKey<SessionReply> KEY =
      ServiceKey.create(SessionReply.class, "node-legs");
  private static final long RECOVERY_WINDOW = Duration.ofMinutes(2).toNanos();

  private final Ticker clock;
  private volatile Set<ActorRef<SessionReply>> nodes = Set.of();
  private volatile long lastChange;

  private sealed interface Message {}

  private record Listed(Set<ActorRef<SessionReply>> nodes) implements Message {}

  private enum MembersChanged implements Message {
    NOW
  }

  private NodeLegsRegistry(Ticker clock) {
    this.clock = clock;
    this.lastChange = clock.nanos();
  }

  /**
   * Starts it.
   *
   * @param clock the clock for durations
   */
  public static NodeLegsRegistry start(ActorSystem<?> system, Ticker clock) {
    NodeLegsRegistry created = new NodeLegsRegistry(clock);
    String name = "relay-node-legs-registry";
    new VitalPart(system, name).spawn(created.behavior(), unique(name), Props.empty());
    return created;
  }

  /** A name for an actor; one system may run several relays, as tests do. */
  public static String unique(String name) {
    return name + "-" + UUID.randomUUID();
  }

  /** Makes a node's actor known to all nodes, for as long as it lives. */
  static void register(ActorSystem<?> system, ActorRef<SessionReply> nodeLegs) {
    system.receptionist().tell(Receptionist.register(KEY, nodeLegs));
  }

  /** The nodes that a new session must ask; none when its shard has certainly not moved. */
  public Set<ActorRef<SessionReply>> nodesToAsk() {
    boolean hasNotMoved = clock.nanos() - lastChange > RECOVERY_WINDOW;
    return hasNotMoved || nodes.size() < 2 ? Set.of() : nodes;
  }

  private Behavior<Message> behavior() {
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
                  context.messageAdapter(MemberEvent.class, event -> MembersChanged.NOW),
                  MemberEvent.class));
      return Behaviors.receiveMessage(message -> {
        switch (message) {
          case Listed listed -> nodes = Set.copyOf(listed.nodes);
          case MembersChanged changed -> lastChange = clock.nanos();
        }
        return Behaviors.same();
      });
    });
  }
}
