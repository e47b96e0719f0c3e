package dev.rallypoint.cluster;

import dev.rallypoint.time.Ticker;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.IntSupplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.receptionist.Receptionist;
import org.apache.pekko.actor.typed.receptionist.ServiceKey;

/**
 * The relays of the cluster with their load. Each relay sends its state to all nodes every two
 * seconds, one small message each; a relay that is unreachable, left, or sent nothing for ten
 * seconds is not listed. Safe for all threads.
 */
public final class RelayDirectory {
  private static final ServiceKey<Command> KEY = ServiceKey.create(Command.class, "relays");
  private static final Duration PERIOD = Duration.ofSeconds(2);
  private static final long MAX_AGE = Duration.ofSeconds(10).toNanos();

  private final Ticker clock;
  private volatile List<Entry> published = List.of();
  private volatile boolean isDraining;

  private record Entry(RelayNode node, long receivedAt) {}

  /** The messages of the actor. */
  public sealed interface Command {}

  /** The state of one relay. */
  public record Announced(ActorRef<Command> from, String name, boolean isDraining, int sessions)
      implements Command, ClusterMessage {}

  private record Listed(Set<ActorRef<Command>> nodes) implements Command {}

  private record Announce(String name, IntSupplier sessions) implements Command {}

  private enum Tick implements Command {
    NOW
  }

  private final ActorRef<Command> actor;

  /**
   * Starts the actor.
   *
   * @param clock the clock for durations
   */
  public static RelayDirectory start(ActorSystem<?> system, Ticker clock) {
    return new RelayDirectory(system, clock);
  }

  private RelayDirectory(ActorSystem<?> system, Ticker clock) {
    this.clock = clock;
    this.actor =
        new VitalPart(system, "relay-directory")
            .spawn(
                Behaviors.setup(context ->
                    Behaviors.withTimers(timers -> {
                      timers.startTimerWithFixedDelay(Tick.NOW, PERIOD);
                      subscribe(context);
                      return new State(context).behavior();
                    })),
                "relay-directory-" + UUID.randomUUID(),
                Props.empty());
  }

  private static void subscribe(ActorContext<Command> context) {
    ActorRef<Receptionist.Listing> listings =
        context.messageAdapter(
            Receptionist.Listing.class, listing -> new Listed(listing.getServiceInstances(KEY)));
    context.getSystem().receptionist().tell(Receptionist.register(KEY, context.getSelf()));
    context.getSystem().receptionist().tell(Receptionist.subscribe(KEY, listings));
  }

  /**
   * Announces this node as a relay to all nodes from now on.
   *
   * @param name host or host:port under which clients reach this very node, or empty
   * @param sessions returns the number of its sessions
   */
  public void announce(String name, IntSupplier sessions) {
    actor.tell(new Announce(name, sessions));
  }

  /** Announces that this node accepts no new sessions. */
  public void drain() {
    isDraining = true;
    actor.tell(Tick.NOW);
  }

  /** Whether this node accepts no new sessions. */
  public boolean isDraining() {
    return isDraining;
  }

  /** The relays, this node included, ordered by the address of the node. */
  public List<RelayNode> relays() {
    long now = clock.nanos();
    return published.stream()
        .filter(entry -> now - entry.receivedAt < MAX_AGE)
        .map(Entry::node)
        .toList();
  }

  /** The state of the actor. */
  private final class State {
    private final ActorContext<Command> context;
    private final Map<ActorRef<Command>, Entry> byActor = new HashMap<>();
    private Set<ActorRef<Command>> nodes = Set.of();
    private IntSupplier sessions = () -> 0;
    private String name = "";
    private boolean isRelay;

    State(ActorContext<Command> context) {
      this.context = context;
    }

    Behavior<Command> behavior() {
      return Behaviors.receiveMessage(command -> {
        switch (command) {
          case Announced announced -> onAnnounced(announced);
          case Listed listed -> {
            nodes = listed.nodes;
            byActor.keySet().retainAll(nodes);
            publish();
          }
          case Announce announce -> {
            isRelay = true;
            name = announce.name;
            sessions = announce.sessions;
            sendState();
          }
          case Tick tick -> sendState();
        }
        return Behaviors.same();
      });
    }

    private void onAnnounced(Announced message) {
      String node = message.from.path().address().toString();
      RelayNode relay = new RelayNode(node, message.name, message.isDraining, message.sessions);
      byActor.put(message.from, new Entry(relay, clock.nanos()));
      publish();
    }

    private void sendState() {
      if (isRelay) {
        Announced message = new Announced(context.getSelf(), name, isDraining, sessions.getAsInt());
        nodes.forEach(node -> node.tell(message));
      }
    }

    private void publish() {
      published =
          byActor.values().stream()
              .sorted(Comparator.comparing(entry -> entry.node.node()))
              .toList();
    }
  }
}
