package dev.rallypoint.cluster;

import dev.rallypoint.time.Ticker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.IntSupplier;
import java.util.stream.IntStream;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.receptionist.Receptionist;
import org.apache.pekko.actor.typed.receptionist.Receptionist.Listing;
import org.apache.pekko.actor.typed.receptionist.ServiceKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The relays of the cluster with their load. Each relay sends its state to all nodes every two
 * seconds, one small message each; a relay that is unreachable, left, or sent nothing for ten
 * seconds is not listed. Safe for all threads.
 */
public final class RelayDirectory {
  private static final Logger LOG = LoggerFactory.getLogger(RelayDirectory.class);
  private static final ServiceKey<Command> KEY = ServiceKey.create(Command.class, "relays");
  private static final Duration PERIOD = Duration.ofSeconds(2);
  private static final long MAX_AGE = Duration.ofSeconds(10).toNanos();

  private final Ticker clock;
  private final ActorRef<Command> actor;

  /** The last state of each relay, ordered by the name of its actor, so the same on all nodes. */
  private final Map<ActorRef<Command>, Received> received = new ConcurrentSkipListMap<>();

  /** The actors of this class on all nodes that are reachable. */
  private volatile Set<ActorRef<Command>> nodes = Set.of();

  private volatile Optional<OwnRelay> own = Optional.empty();
  private volatile boolean isDraining;

  private record Received(RelayNode relay, long at) {}

  private record OwnRelay(String name, IntSupplier sessions) {}

  /** The messages of the actor. */
  public sealed interface Command {}

  /** The state of one relay. */
  public record Announced(ActorRef<Command> from, String name, boolean isDraining, int sessions)
      implements Command, ClusterMessage {}

  private record Listed(Set<ActorRef<Command>> nodes) implements Command {}

  private enum Tick implements Command {
    NOW
  }

  private RelayDirectory(ActorSystem<?> system, Ticker clock) {
    this.clock = clock;
    this.actor =
        new VitalPart(system, "relay-directory")
            .spawn(behavior(), "relay-directory-" + UUID.randomUUID(), Props.empty());
  }

  /** Starts the actor. */
  public static RelayDirectory start(ActorSystem<?> system, Ticker clock) {
    return new RelayDirectory(system, clock);
  }

  /**
   * Announces this node as a relay to all nodes from now on.
   *
   * @param name host or host:port under which clients reach this very node, or empty
   * @param sessions returns the number of its sessions
   */
  public void announce(String name, IntSupplier sessions) {
    own = Optional.of(new OwnRelay(name, sessions));
    actor.tell(Tick.NOW);
  }

  /** Announces whether this node accepts no new sessions. */
  public void drain(boolean drains) {
    isDraining = drains;
    actor.tell(Tick.NOW);
  }

  /** Whether this node accepts no new sessions. */
  public boolean isDraining() {
    return isDraining;
  }

  /** The relays, this node included, ordered by the address of the node. */
  public List<RelayNode> relays() {
    return received.values().stream().filter(this::isFresh).map(Received::relay).toList();
  }

  /** Whether another relay accepts new sessions. */
  public boolean isAnotherOpen() {
    return received.entrySet().stream()
        .filter(state -> !state.getKey().equals(actor))
        .anyMatch(state -> isFresh(state.getValue()) && !state.getValue().relay.isDraining());
  }

  /**
   * The place of this node among the relays, in an order that is the same on all nodes, when each
   * of them drains; empty while one accepts new sessions.
   */
  public OptionalInt placeWhereAllDrain() {
    List<Map.Entry<ActorRef<Command>, Received>> fresh =
        received.entrySet().stream().filter(state -> isFresh(state.getValue())).toList();
    boolean doAllDrain = fresh.stream().allMatch(state -> state.getValue().relay.isDraining());
    return doAllDrain
        ? IntStream.range(0, fresh.size())
            .filter(i -> fresh.get(i).getKey().equals(actor))
            .findFirst()
        : OptionalInt.empty();
  }

  private boolean isFresh(Received state) {
    return clock.nanos() - state.at < MAX_AGE;
  }

  private Behavior<Command> behavior() {
    return Behaviors.setup(context -> {
      ActorRef<Listing> listings =
          context.messageAdapter(
              Listing.class, listing -> new Listed(listing.getServiceInstances(KEY)));
      ActorRef<Receptionist.Command> receptionist = context.getSystem().receptionist();
      receptionist.tell(Receptionist.register(KEY, context.getSelf()));
      receptionist.tell(Receptionist.subscribe(KEY, listings));
      return Behaviors.withTimers(timers -> {
        timers.startTimerWithFixedDelay(Tick.NOW, PERIOD);
        return Behaviors.receiveMessage(command -> {
          switch (command) {
            case Announced state -> {
              String node = state.from.path().address().toString();
              RelayNode relay = new RelayNode(node, state.name, state.isDraining, state.sessions);
              Received before = received.put(state.from, new Received(relay, clock.nanos()));
              boolean hasDrained = before != null && before.relay.isDraining();
              if (state.isDraining != hasDrained) {
                tellOfDrain(state);
              }
            }
            case Listed listed -> {
              nodes = listed.nodes;
              received.keySet().retainAll(nodes);
            }
            case Tick tick -> own.ifPresent(relay -> sendState(context.getSelf(), relay));
          }
          return Behaviors.same();
        });
      });
    });
  }

  /** Of another node; this one tells of its own drain itself. */
  private static void tellOfDrain(Announced state) {
    Address node = state.from.path().address();
    node.getHost()
        .ifPresent(host ->
            LOG.info(
                "the relay of node {}:{} {}",
                host,
                node.getPort().orElse(0),
                state.isDraining
                    ? "drains: %d sessions are left".formatted(state.sessions)
                    : "takes sessions again"));
  }

  private void sendState(ActorRef<Command> from, OwnRelay relay) {
    Announced state = new Announced(from, relay.name, isDraining, relay.sessions.getAsInt());
    nodes.forEach(node -> node.tell(state));
  }
}
