package dev.rallypoint.registration;

import dev.rallypoint.cluster.OtherNodes;
import dev.rallypoint.cluster.OtherNodes.Answers;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.metrics.Hop;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.time.Ticker;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * The question to all nodes where a peer is at home: one message to each other node, its lease book
 * answers. Asked while an entity is away, and by one that has only just come. A cluster of one asks
 * its own book. Safe for all threads.
 */
final class LeaseQuery {
  private static final Duration PATIENCE = Duration.ofMillis(500);
  private static final int MOST_UNDER_WAY = 2_000;

  private final OtherNodes neighbours;
  private final LeaseBook leases;
  private final Counters counters;
  private final Ticker clock;
  private final AtomicInteger underWay = new AtomicInteger();

  LeaseQuery(OtherNodes neighbours, LeaseBook leases, Counters counters, Ticker clock) {
    this.neighbours = neighbours;
    this.leases = leases;
    this.counters = counters;
    this.clock = clock;
  }

  /**
   * Who holds a peer.
   *
   * @param held the leases there are, the newest first
   * @param isComplete whether every node has answered
   */
  record Found(List<LeaseAnswer> held, boolean isComplete) {
    private static final Comparator<LeaseAnswer> NEWEST_FIRST =
        Comparator.comparingLong(LeaseAnswer::epoch).reversed();

    static Found of(Stream<LeaseAnswer> said, boolean isComplete) {
      return new Found(said.filter(LeaseAnswer::isHere).sorted(NEWEST_FIRST).toList(), isComplete);
    }

    Optional<LeaseAnswer> newest() {
      return held.stream().findFirst();
    }
  }

  /** Asks; fails when too many such questions are under way. */
  CompletionStage<Found> whoHolds(PeerId id) {
    Optional<LeaseAnswer> here = leases.held(id, clock.millis());
    int others = neighbours.count();
    if (others == 0) {
      return CompletableFuture.completedStage(Found.of(here.stream(), true));
    }
    if (underWay.incrementAndGet() > MOST_UNDER_WAY) {
      underWay.decrementAndGet();
      counters.dropped(DropReason.DIRECTORY_BUSY);
      return CompletableFuture.failedStage(new RejectedExecutionException("too many questions"));
    }
    counters.hop(Hop.SURVEY, others);
    CompletionStage<Answers<LeaseAnswer>> answers =
        neighbours.ask(
            LeaseResponder.NAME,
            replyTo -> new LeaseResponder.WhoHolds(id, replyTo),
            PATIENCE,
            LeaseAnswer::isHere);
    return answers
        .whenComplete((done, failure) -> underWay.decrementAndGet())
        .thenApply(
            a -> Found.of(Stream.concat(here.stream(), a.values().stream()), a.isComplete()));
  }
}
