package dev.rallypoint.app.lifecycle;

import dev.rallypoint.config.ClusterSettings;
import dev.rallypoint.config.NodeRole;
import dev.rallypoint.relay.RelayServer;
import dev.rallypoint.rendezvous.RendezvousServer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.IntSupplier;
import java.util.stream.StreamSupport;
import org.apache.pekko.Done;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a node goes. One that leaves others behind is a lame duck first: it takes nothing new, its
 * peers go to other nodes, its relayed sessions may end by themselves; then its shards are handed
 * over. One that is alone, or that the others have given up, goes at once.
 *
 * @param system the node's
 * @param peersAtHome how many peers are reached through this node
 */
public record GracefulLeave(
    ActorSystem<?> system,
    ClusterSettings settings,
    Optional<RendezvousServer> rendezvous,
    Optional<RelayServer> relay,
    IntSupplier peersAtHome) {
  private static final Logger LOG = LoggerFactory.getLogger(GracefulLeave.class);

  /** A client that gets no answer asks elsewhere within this time, a requester gives up. */
  private static final Duration MOVE = Duration.ofSeconds(30);

  private static final Duration LOOK = Duration.ofMillis(200);

  /** Says what is to be done when the node is told to stop. */
  public void prepare() {
    CoordinatedShutdown shutdown = CoordinatedShutdown.get(system);
    String unbind = CoordinatedShutdown.PhaseServiceUnbind();
    String finish = CoordinatedShutdown.PhaseServiceRequestsDone();
    rendezvous.ifPresent(doors -> {
      shutdown.addTask(unbind, "take-no-peers", () -> leave(doors));
      shutdown.addTask(finish, "wait-for-peers", () -> peersMoved(doors));
    });
    relay.ifPresent(doors -> shutdown.addTask(finish, "drain-relay", () -> drained(doors)));
    stopIn(shutdown, CoordinatedShutdown.PhaseServiceStop(), "stop");
    // However it ends, its doors do not outlive it.
    stopIn(shutdown, CoordinatedShutdown.PhaseBeforeActorSystemTerminate(), "has-stopped");
  }

  private void stopIn(CoordinatedShutdown shutdown, String phase, String what) {
    rendezvous.ifPresent(doors -> shutdown.addTask(phase, "rendezvous-" + what, doors::stop));
    relay.ifPresent(doors -> shutdown.addTask(phase, "relay-" + what, doors::stop));
  }

  private CompletionStage<Done> leave(RendezvousServer doors) {
    if (leavesOthersBehind(NodeRole.RENDEZVOUS)) {
      LOG.info("this node leaves its cluster: {} peers are at home here", peersAtHome.getAsInt());
      doors.leave();
      return CompletableFuture.completedStage(Done.getInstance());
    }
    return doors.stop();
  }

  /** Complete once no peer is at home here and no requester waits for an answer, or it is time. */
  private CompletionStage<Done> peersMoved(RendezvousServer doors) {
    CompletableFuture<Done> moved = new CompletableFuture<>();
    if (leavesOthersBehind(NodeRole.RENDEZVOUS)) {
      Duration window = settings.drainWindow();
      Duration wait = window.compareTo(MOVE) < 0 ? window : MOVE;
      look(moved, doors, System.nanoTime() + wait.toNanos());
    } else {
      moved.complete(Done.getInstance());
    }
    return moved;
  }

  private void look(CompletableFuture<Done> moved, RendezvousServer doors, long end) {
    boolean isServing = peersAtHome.getAsInt() > 0 || doors.requesters() > 0;
    if (!isServing || System.nanoTime() - end > 0) {
      moved.complete(Done.getInstance());
    } else {
      system
          .scheduler()
          .scheduleOnce(LOOK, () -> look(moved, doors, end), system.executionContext());
    }
  }

  private CompletionStage<Done> drained(RelayServer doors) {
    return leavesOthersBehind(NodeRole.RELAY)
        ? doors.drain(settings.drainWindow(), settings.drainPace())
        : CompletableFuture.completedStage(Done.getInstance());
  }

  /** Whether there are others who do this work, and who have not given this node up. */
  private boolean leavesOthersBehind(NodeRole role) {
    Cluster cluster = Cluster.get(system);
    Member self = cluster.selfMember();
    return self.status() == MemberStatus.up()
        && StreamSupport.stream(cluster.state().getMembers().spliterator(), false)
            .anyMatch(member ->
                !member.equals(self)
                    && member.status() == MemberStatus.up()
                    && member.hasRole(role.word()));
  }
}
