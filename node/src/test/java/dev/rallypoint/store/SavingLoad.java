package dev.rallypoint.store;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** Registers new ids without end, a bounded number at once, and remembers what was promised. */
final class SavingLoad implements AutoCloseable {
  private static final int UNDER_WAY = 600;
  private static final Duration LONG = Duration.ofSeconds(60);

  private final PeerStore store;
  private final Thread thread;
  private final Semaphore permits = new Semaphore(UNDER_WAY);
  private final Queue<PeerRow> acknowledged = new ConcurrentLinkedQueue<>();
  private final AtomicInteger failed = new AtomicInteger();
  private final AtomicLong longest = new AtomicLong();
  private volatile boolean ends;

  SavingLoad(PeerStore store) {
    this.store = store;
    this.thread = Thread.ofPlatform().start(this::run);
  }

  private void run() {
    for (int i = 0; !ends; i++) {
      permits.acquireUninterruptibly();
      PeerRow row = Peers.peer("load-" + i);
      long begin = System.nanoTime();
      store
          .save(row, Optional.empty())
          .whenComplete((held, failure) -> {
            longest.accumulateAndGet(System.nanoTime() - begin, Math::max);
            if (failure == null && held.equals(Optional.of(row))) {
              acknowledged.add(row);
            } else {
              failed.incrementAndGet();
            }
            permits.release();
          });
    }
  }

  /** Waits for so many more. */
  void awaitAcknowledged(int more) {
    int enough = acknowledged.size() + more;
    await().atMost(LONG).until(() -> acknowledged.size() >= enough);
  }

  void awaitFailed(int more) {
    int enough = failed.get() + more;
    await().atMost(LONG).until(() -> failed.get() >= enough);
  }

  /** Ends it and prints its figures. */
  void finish(String what) {
    close();
    System.out.printf(
        "R13, %s: %d saves acknowledged, %d failed, the slowest answer took %d ms%n",
        what, acknowledged.size(), failed.get(), longest.get() / 1_000_000);
  }

  /** What was promised and is not there. */
  List<PeerRow> lost() throws Exception {
    List<PeerRow> lost = new ArrayList<>();
    for (PeerRow row : acknowledged) {
      if (!Peers.find(store, row.id().value()).equals(Optional.of(row))) {
        lost.add(row);
      }
    }
    return lost;
  }

  @Override
  public void close() {
    ends = true;
    permits.acquireUninterruptibly(UNDER_WAY);
    permits.release(UNDER_WAY);
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
