package dev.rallypoint.loadtest.load;

import dev.rallypoint.protocol.proto.RegisterPkResponse;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Counts the registrations that the peers of a {@link PeerGroup} sent, and their answers. */
public final class RegistrationCounts {
  private final AtomicLongArray results =
      new AtomicLongArray(RegisterPkResponse.Result.values().length);
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong lost = new AtomicLong();
  private volatile @Nullable Consumer<Duration> times;

  /**
   * A registration is sent.
   *
   * @param isPreviousLost whether the one before it got no answer
   */
  void onSent(boolean isPreviousLost) {
    sent.incrementAndGet();
    if (isPreviousLost) {
      lost.incrementAndGet();
    }
  }

  void onHeartbeatAnswered(long nanos) {
    Consumer<Duration> listener = times;
    if (listener != null) {
      listener.accept(Duration.ofNanos(nanos));
    }
  }

  void onResult(RegisterPkResponse.Result result) {
    results.incrementAndGet(result.ordinal());
  }

  /** Hands the time from each heartbeat to its answer to this consumer from now on. */
  public void recordTimes(Consumer<Duration> consumer) {
    times = consumer;
  }

  /** How often RegisterPk had this result. */
  public long results(RegisterPkResponse.Result result) {
    return results.get(result.ordinal());
  }

  /** How many registrations were sent when they were due, RegisterPk and RegisterPeer. */
  public long sent() {
    return sent.get();
  }

  /** How many of them had no answer when the next one was due, 3 s later. */
  public long lost() {
    return lost.get();
  }
}
