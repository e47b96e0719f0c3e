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
import java.util.stream.Stream;

/** The nodes of a cluster, whose answers a test sets, and what they were sent. */
final class FakeHomes implements Homes {
  /** A lease that a home has to end. */
  record Revoked(Home home, long epoch) {}

  final AtomicInteger queries = new AtomicInteger();
  final Queue<Revoked> revoked = new ConcurrentLinkedQueue<>();
  final Queue<Home> announcementRequests = new ConcurrentLinkedQueue<>();
  private final Set<Long> gone = new HashSet<>();
  private Found found = new Found(List.of(), true);

  synchronized void lose(long node) {
    gone.add(node);
  }

  synchronized void haveLeases(boolean isComplete, Lease... leases) {
    found = Found.of(Stream.of(leases), isComplete);
  }

  @Override
  public synchronized CompletionStage<Found> findLeases(PeerId id) {
    queries.incrementAndGet();
    return CompletableFuture.completedStage(found);
  }

  @Override
  public synchronized boolean isGone(long node) {
    return gone.contains(node);
  }

  @Override
  public void revoke(Home home, PeerId id, long epoch) {
    revoked.add(new Revoked(home, epoch));
  }

  @Override
  public void requestAnnouncement(Home home, PeerId id) {
    announcementRequests.add(home);
  }
}
