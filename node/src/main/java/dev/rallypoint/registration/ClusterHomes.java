package dev.rallypoint.registration;

import dev.rallypoint.cluster.OtherNodes;
import dev.rallypoint.cluster.OtherNodes.Answers;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.metrics.Hop;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.registration.LeaseResponder.LeaseHere;
import dev.rallypoint.time.Ticker;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;

/**
 * The homes of a cluster: this node's own lease book, and the {@link LeaseResponder}s of the other
 * nodes. A question costs one message to each other node. Safe for all threads.
 */
final class ClusterHomes implements Homes {
  private static final Duration PATIENCE = Duration.ofMillis(500);
  private static final int MAX_QUERIES = 2_000;

  private final OtherNodes nodes;
  private final LeaseBook leases;
  private final Counters counters;
  private final Ticker clock;
  private final Semaphore queries = new Semaphore(MAX_QUERIES);

  ClusterHomes(OtherNodes nodes, LeaseBook leases, Counters counters, Ticker clock) {
    this.nodes = nodes;
    this.leases = leases;
    this.counters = counters;
    this.clock = clock;
  }

  @Override
  public CompletionStage<Found> findLeases(PeerId id) {
    Stream<Lease> here = leases.find(id, clock.millis()).stream();
    int others = nodes.count();
    if (others == 0) {
      return CompletableFuture.completedStage(Found.of(here, true));
    }
    if (!queries.tryAcquire()) {
      counters.dropped(DropReason.DIRECTORY_BUSY);
      return CompletableFuture.failedStage(new RejectedExecutionException("too many queries"));
    }
    counters.hop(Hop.LEASE_QUERY, others);
    CompletionStage<Answers<LeaseHere>> answers =
        nodes.ask(
            LeaseResponder.NAME,
            replyTo -> new LeaseResponder.FindLease(id, replyTo),
            PATIENCE,
            answer -> answer.lease() != null);
    return answers
        .whenComplete((done, failure) -> queries.release())
        .thenApply(all -> {
          Stream<Lease> there = all.values().stream().map(LeaseHere::lease).filter(l -> l != null);
          return Found.of(Stream.concat(here, there), all.isComplete());
        });
  }

  @Override
  public boolean isGone(long node) {
    return nodes.isRemoved(node);
  }

  @Override
  public void revoke(Home home, PeerId id, long epoch) {
    counters.hop(Hop.REVOKED);
    nodes.tell(home.node(), LeaseResponder.NAME, new LeaseResponder.Revoked(id, epoch));
  }

  @Override
  public void requestAnnouncement(Home home, PeerId id) {
    counters.hop(Hop.ANNOUNCE_REQUEST);
    nodes.tell(home.node(), LeaseResponder.NAME, new LeaseResponder.AnnounceRequest(id));
  }
}
