package dev.rallypoint.app.lifecycle;

import dev.rallypoint.cluster.Members;
import dev.rallypoint.cluster.RelayDirectory;
import dev.rallypoint.config.NodeRole;
import dev.rallypoint.relay.RelayServer;
import dev.rallypoint.rendezvous.RendezvousServer;
import dev.rallypoint.time.WallClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A drain that an operator begins and may end, while the node stays in its cluster. The node is not
 * ready for its balancer, its relay takes no new sessions, and those that run end by themselves.
 * The ID server serves on: where no balancer asks for readiness, clients have to register
 * somewhere, and registrations move within seconds when the node is stopped. When no other node is
 * left, the drain ends by itself; and when all relays drain, because two were told to at the same
 * moment or the last one that did not is gone, one of them takes sessions again. Safe for all
 * threads.
 */
public final class NodeDrain {
  private static final Logger LOG = LoggerFactory.getLogger(NodeDrain.class);
  private static final Duration LOOK = Duration.ofSeconds(2);

  /** Looks until the first of relays that all drain takes sessions again: news may be under way. */
  private static final int FIRST_GIVES_UP = 3;

  /** Looks that each next one waits longer: the one before it may be about to stop. */
  private static final int NEXT_GIVES_UP = 5;

  private final ActorSystem<?> system;
  private final RelayDirectory directory;
  private final IntSupplier peersAtHome;
  private final WallClock clock;
  private final Consumer<Boolean> onChange;

  /** The change that was asked for last; the next one waits for it. */
  private CompletionStage<Done> last = CompletableFuture.completedStage(Done.getInstance());

  private volatile Optional<RendezvousServer> rendezvous = Optional.empty();
  private volatile Optional<RelayServer> relay = Optional.empty();
  private volatile boolean isServing;
  private volatile Optional<Instant> since = Optional.empty();
  private @Nullable Cancellable watch;

  /** How many looks in turn have found that all relays drain. */
  private int looksWithoutRelay;

  /** Why a drain does not begin: the node is not serving, or nobody would be left to. */
  public static final class NobodyLeftException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NobodyLeftException(String why) {
      super(why);
    }
  }

  /**
   * The drain of a node that does not serve yet.
   *
   * @param peersAtHome the number of peers that are registered through this node
   * @param onChange hears whether the node drains, each time that changes
   */
  public NodeDrain(
      ActorSystem<?> system,
      RelayDirectory directory,
      IntSupplier peersAtHome,
      WallClock clock,
      Consumer<Boolean> onChange) {
    this.system = system;
    this.directory = directory;
    this.peersAtHome = peersAtHome;
    this.clock = clock;
    this.onChange = onChange;
  }

  /** The node serves from now on, with these parts. */
  public synchronized void serving(
      Optional<RendezvousServer> idServer, Optional<RelayServer> relayServer) {
    rendezvous = idServer;
    relay = relayServer;
    isServing = true;
  }

  /** Whether the node drains, and what is left. */
  public DrainProgress progress() {
    Optional<Instant> begun = since;
    return new DrainProgress(
        begun,
        begun.isPresent() && relay.map(RelayServer::isDrained).orElse(true),
        relay.map(RelayServer::sessionCount).orElse(0),
        peersAtHome.getAsInt(),
        rendezvous.map(RendezvousServer::links).orElse(0));
  }

  /**
   * Begins a drain without an end; changes nothing when the node drains already.
   *
   * @return fails with a {@link NobodyLeftException} when no other node takes clients
   */
  public CompletionStage<DrainProgress> begin() {
    return next(this::beginNow);
  }

  /**
   * Ends a drain, and the node takes clients again; changes nothing when it does not drain.
   *
   * @return fails with an IOException when a port of the relay is another program's by now: the
   *     node drains on then
   */
  public CompletionStage<DrainProgress> end() {
    return next(this::endNow);
  }

  private synchronized CompletionStage<DrainProgress> next(Supplier<CompletionStage<Done>> change) {
    CompletionStage<Done> changed =
        last.exceptionally(failure -> Done.getInstance()).thenCompose(done -> change.get());
    last = changed;
    return changed.thenApply(done -> progress());
  }

  private synchronized CompletionStage<Done> beginNow() {
    if (since.isEmpty()) {
      if (!isServing) {
        throw new NobodyLeftException("the node is starting; ask again when it is ready");
      }
      rendezvous.ifPresent(server -> requireOthers(NodeRole.RENDEZVOUS));
      relay.ifPresent(server -> requireOthers(NodeRole.RELAY));
      if (relay.isPresent() && !directory.isAnotherOpen()) {
        throw new NobodyLeftException("every other relay drains; no client could be relayed");
      }
      looksWithoutRelay = 0;
      since = Optional.of(clock.instant());
      onChange.accept(true);
      relay.ifPresentOrElse(RelayServer::beginDrain, () -> directory.drain(true));
      watch =
          system
              .scheduler()
              .scheduleWithFixedDelay(LOOK, LOOK, this::look, system.executionContext());
      LOG.info("this node drains: it takes no new relay sessions, {} run", sessions());
    }
    return CompletableFuture.completedStage(Done.getInstance());
  }

  private void requireOthers(NodeRole role) {
    if (!Members.isUpBesideOthers(system, role.word())) {
      throw new NobodyLeftException(
          "no other node with the role " + role.word() + " is up; no client could go to it");
    }
  }

  private synchronized CompletionStage<Done> endNow() {
    if (since.isEmpty()) {
      return CompletableFuture.completedStage(Done.getInstance());
    }
    return relay
        .map(RelayServer::cancelDrain)
        .orElseGet(() -> CompletableFuture.completedStage(Done.getInstance()))
        .thenApply(done -> ended());
  }

  private synchronized Done ended() {
    since = Optional.empty();
    onChange.accept(false);
    if (relay.isEmpty()) {
      directory.drain(false);
    }
    if (watch != null) {
      watch.cancel();
    }
    LOG.info("this node takes clients again");
    return Done.getInstance();
  }

  /** Ends the drain when no node is left that could take clients. */
  private synchronized void look() {
    if (since.isEmpty() || !Cluster.get(system).selfMember().status().equals(MemberStatus.up())) {
      return;
    }
    OptionalInt place = relay.isPresent() ? directory.placeWhereAllDrain() : OptionalInt.empty();
    looksWithoutRelay = place.isPresent() ? looksWithoutRelay + 1 : 0;
    if (isAlone(NodeRole.RENDEZVOUS, rendezvous) || isAlone(NodeRole.RELAY, relay)) {
      giveUp("no other node is left");
    } else if (place.isPresent()
        && looksWithoutRelay >= FIRST_GIVES_UP + NEXT_GIVES_UP * place.getAsInt()) {
      giveUp("every other relay drains too");
    }
  }

  private void giveUp(String why) {
    LOG.warn("{}, so the drain of this node is over", why);
    end()
        .whenComplete((progress, failure) -> {
          if (failure != null) {
            LOG.error("the drain goes on: {}", failure.getMessage());
          }
        });
  }

  private boolean isAlone(NodeRole role, Optional<?> server) {
    return server.isPresent() && Members.othersUp(system, role.word()).findAny().isEmpty();
  }

  private int sessions() {
    return relay.map(RelayServer::sessionCount).orElse(0);
  }
}
