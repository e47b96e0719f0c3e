package dev.rallypoint.loadtest.crowd;

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

class ProbesTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch never = new CountDownLatch(1);
  private final AtomicInteger questions = new AtomicInteger();

  @AfterEach
  void endAll() {
    threads.shutdownNow();
  }

  @Test
  @Timeout(60)
  void asksAgainWithoutWaitingForTheAnswer() throws Exception {
    Optional<Duration> found =
        Probes.search(this::secondIsAnswered, System.nanoTime(), LIMIT, threads);

    assertThat(found).isPresent();
    assertThat(questions).hasValue(2);
  }

  private Asked secondIsAnswered() {
    if (questions.incrementAndGet() == 1) {
      try {
        never.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    return new Asked(
        "600000000", 1, 1, System.nanoTime(), Duration.ZERO, Outcome.FOUND, "", ByteString.EMPTY);
  }
}
