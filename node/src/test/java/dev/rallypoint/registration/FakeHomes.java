package dev.rallypoint.registration;

import dev.rallypoint.protocol.identity.PeerId;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** The nodes of a cluster in a test's hand: what they hold, which are gone, what they were told. */
final class FakeHomes implements RegistrationContext.Homes {
  /** A word to a node. */
  record Told(long node, LeaseResponder.Command word) {}

  final AtomicInteger surveys = new AtomicInteger();
  final Queue<Told> told = new ConcurrentLinkedQueue<>();
  private final Set<Long> gone = new HashSet<>();
  private LeaseQuery.Found found = new LeaseQuery.Found(List.of(), true);

  synchronized void lose(long node) {
    gone.add(node);
  }

  synchronized void hold(boolean isComplete, LeaseAnswer... leases) {
    found = LeaseQuery.Found.of(List.of(leases).stream(), isComplete);
  }

  @Override
  public synchronized CompletionStage<LeaseQuery.Found> survey(PeerId id) {
    surveys.incrementAndGet();
    return CompletableFuture.completedStage(found);
  }

  @Override
  public synchronized boolean isGone(long node) {
    return gone.contains(node);
  }

  @Override
  public void tell(long node, LeaseResponder.Command word) {
    told.add(new Told(node, word));
  }
}
