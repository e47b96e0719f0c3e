package dev.rallypoint.app.lifecycle;

import dev.rallypoint.cluster.Members;
import dev.rallypoint.cluster.VitalPart;
import dev.rallypoint.config.ClusterSettings;
import dev.rallypoint.config.NodeRole;
import dev.rallypoint.relay.RelayServer;
import dev.rallypoint.rendezvous.RendezvousServer;
import dev.rallypoint.time.Ticker;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.IntSupplier;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a node leaves its cluster. With other nodes present it drains first: it accepts nothing new,
 * its peers register with other nodes, its relayed sessions may end by themselves; then its shards
 * are handed over. A node that is alone, or was downed, stops at once.
 *
 * @param peersAtHome the number of peers that are registered through this node
 */
public record GracefulLeave(
    ActorSystem<?> system,
    ClusterSettings settings,
    Optional<RendezvousServer> rendezvous,
    Optional<RelayServer> relay,
    IntSupplier peersAtHome,
    Ticker ticker) {
  private static final Logger LOG = LoggerFactory.getLogger(GracefulLeave.class);

  /** A client without an answer registers with another node within this time. */
  private static final Duration MOVE = Duration.ofSeconds(30);

  private static final Duration CHECK_INTERVAL = Duration.ofMillis(200);

  /** Adds the steps to the coordinated shutdown of the node. */
  public void prepare() {
    CoordinatedShutdown shutdown = CoordinatedShutdown.get(system);
    String unbind = CoordinatedShutdown.PhaseServiceUnbind();
    String finish = CoordinatedShutdown.PhaseServiceRequestsDone();
    rendezvous.ifPresent(server -> {
      shutdown.addTask(unbind, "stop-accepting-peers", () -> leave(server));
      shutdown.addTask(finish, "wait-for-peers", () -> peersMoved(server));
    });
    relay.ifPresent(server -> shutdown.addTask(finish, "drain-relay", () -> drained(server)));
    stopIn(shutdown, CoordinatedShutdown.PhaseServiceStop(), "stop");
    // If the phases before are skipped, the ports are closed here.
    stopIn(shutdown, CoordinatedShutdown.PhaseBeforeActorSystemTerminate(), "has-stopped");
  }

  private void stopIn(CoordinatedShutdown shutdown, String phase, String what) {
    rendezvous.ifPresent(server -> shutdown.addTask(phase, "rendezvous-" + what, server::stop));
    relay.ifPresent(server -> shutdown.addTask(phase, "relay-" + what, server::stop));
  }

  private CompletionStage<Done> leave(RendezvousServer server) {
    if (hasOthers(NodeRole.RENDEZVOUS)) {
      LOG.info(
          "this node leaves its cluster: {} peers are registered here", peersAtHome.getAsInt());
      server.leave();
      return CompletableFuture.completedStage(Done.getInstance());
    }
    return server.stop();
  }

  /** Complete once no peer is registered here and no requester waits, or the limit is reached. */
  private CompletionStage<Done> peersMoved(RendezvousServer server) {
    if (!hasOthers(NodeRole.RENDEZVOUS)) {
      return CompletableFuture.completedStage(Done.getInstance());
    }
    CompletableFuture<Done> moved = new CompletableFuture<>();
    Duration window = settings.drainWindow();
    Duration wait = window.compareTo(MOVE) < 0 ? window : MOVE;
    check(moved, server, ticker.nanos() + wait.toNanos());
    return moved;
  }

  private void check(CompletableFuture<Done> moved, RendezvousServer server, long end) {
    boolean isServing = peersAtHome.getAsInt() > 0 || server.requesters() > 0;
    if (!isServing || ticker.nanos() - end > 0) {
      moved.complete(Done.getInstance());
    } else {
      system
          .scheduler()
          .scheduleOnce(CHECK_INTERVAL, () -> check(moved, server, end), system.executionContext());
    }
  }

  private CompletionStage<Done> drained(RelayServer server) {
    return hasOthers(NodeRole.RELAY)
        ? server.drain(settings.drainWindow(), settings.drainPace())
        : CompletableFuture.completedStage(Done.getInstance());
  }

  /** Whether other nodes with the role are up, and this node is whole and was not downed. */
  private boolean hasOthers(NodeRole role) {
    return VitalPart.failure(system).isEmpty() && Members.isUpBesideOthers(system, role.word());
  }
}
