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
 * Which nodes relay, and how it stands with them. Each node tells all others every two seconds, one
 * small message each; who is unreachable, left, or said nothing for ten seconds is not listed. Safe
 * for all threads.
 */
public final class RelayDirectory {
  private static final ServiceKey<Command> KEY = ServiceKey.create(Command.class, "relays");
  private static final Duration PERIOD = Duration.ofSeconds(2);
  private static final long FRESH = Duration.ofSeconds(10).toNanos();

  private final Ticker clock;
  private volatile List<Heard> heard = List.of();
  private volatile boolean isDraining;

  private record Heard(RelayNode node, long at) {}

  /** What the directory's actor hears. */
  public sealed interface Command {}

  /** What a relay says of itself. */
  public record Announced(ActorRef<Command> from, String name, boolean isDraining, int sessions)
      implements Command, ClusterMessage {}

  private record Listed(Set<ActorRef<Command>> nodes) implements Command {}

  private record Announce(String name, IntSupplier sessions) implements Command {}

  private enum Tick implements Command {
    NOW
  }

  private final ActorRef<Command> actor;

  /**
   * Begins to listen.
   *
   * @param clock the clock for durations
   */
  public static RelayDirectory start(ActorSystem<?> system, Ticker clock) {
    return new RelayDirectory(system, clock);
  }

  private RelayDirectory(ActorSystem<?> system, Ticker clock) {
    this.clock = clock;
    this.actor =
        system.systemActorOf(
            Behaviors.setup(context ->
                Behaviors.withTimers(timers -> {
                  timers.startTimerWithFixedDelay(Tick.NOW, PERIOD);
                  subscribe(context);
                  return new Listening(context).behavior();
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
   * This node relays: the others hear of it from now on.
   *
   * @param name host or host:port under which clients reach this very node, or empty
   * @param sessions how many it has now
   */
  public void announce(String name, IntSupplier sessions) {
    actor.tell(new Announce(name, sessions));
  }

  /** This node takes no new sessions: the others hear of it now. */
  public void drain() {
    isDraining = true;
    actor.tell(Tick.NOW);
  }

  /** Whether this node takes no new sessions. */
  public boolean isDraining() {
    return isDraining;
  }

  /** The nodes that relay, this one too, in a steady order. */
  public List<RelayNode> relays() {
    long now = clock.nanos();
    return heard.stream().filter(entry -> now - entry.at < FRESH).map(Heard::node).toList();
  }

  /** The state of the directory's actor. */
  private final class Listening {
    private final ActorContext<Command> context;
    private final Map<ActorRef<Command>, Heard> entries = new HashMap<>();
    private Set<ActorRef<Command>> nodes = Set.of();
    private IntSupplier sessions = () -> 0;
    private String name = "";
    private boolean isRelay;

    Listening(ActorContext<Command> context) {
      this.context = context;
    }

    Behavior<Command> behavior() {
      return Behaviors.receiveMessage(command -> {
        switch (command) {
          case Announced announced -> onAnnounced(announced);
          case Listed listed -> {
            nodes = listed.nodes;
            entries.keySet().retainAll(nodes);
            publish();
          }
          case Announce announce -> {
            isRelay = true;
            name = announce.name;
            sessions = announce.sessions;
            tell();
          }
          case Tick tick -> tell();
        }
        return Behaviors.same();
      });
    }

    private void onAnnounced(Announced said) {
      String node = said.from.path().address().toString();
      RelayNode relay = new RelayNode(node, said.name, said.isDraining, said.sessions);
      entries.put(said.from, new Heard(relay, clock.nanos()));
      publish();
    }

    private void tell() {
      if (isRelay) {
        Announced word = new Announced(context.getSelf(), name, isDraining, sessions.getAsInt());
        nodes.forEach(node -> node.tell(word));
      }
    }

    private void publish() {
      heard =
          entries.values().stream()
              .sorted(Comparator.comparing(entry -> entry.node.node()))
              .toList();
    }
  }
}
