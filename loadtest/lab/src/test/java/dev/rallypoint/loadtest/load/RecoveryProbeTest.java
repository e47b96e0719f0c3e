package dev.rallypoint.loadtest.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class RecoveryProbeTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch never = new CountDownLatch(1);
  private final AtomicInteger requests = new AtomicInteger();

  @AfterEach
  void endAll() {
    threads.shutdownNow();
  }

  @Test
  @Timeout(60)
  void asksAgainWithoutWaitingForTheAnswer() throws Exception {
    Optional<Duration> found =
        RecoveryProbe.search(this::onlyTheSecondIsAnswered, System.nanoTime(), LIMIT, threads);

    assertThat(found).isPresent();
    assertThat(requests).hasValue(2);
  }

  private PunchResult onlyTheSecondIsAnswered() {
    if (requests.incrementAndGet() == 1) {
      try {
        never.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    return new PunchResult(
        "600000000",
        1,
        1,
        System.nanoTime(),
        Duration.ZERO,
        PunchOutcome.FOUND,
        "",
        ByteString.EMPTY);
  }
}
