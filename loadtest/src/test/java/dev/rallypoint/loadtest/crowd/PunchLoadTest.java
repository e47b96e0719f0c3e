package dev.rallypoint.loadtest.crowd;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.rallypoint.loadtest.RegistrationClock;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PunchLoadTest {
  private static final double RATE = 200;
  private static final Duration BRIEFLY = Duration.ofMillis(1);

  /** As in a fault run: what comes after its end is dropped without a word. */
  private final ThreadPoolExecutor threads =
      new ThreadPoolExecutor(
          0,
          100,
          10,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          new ThreadPoolExecutor.DiscardPolicy());

  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch never = new CountDownLatch(1);
  private List<LightPeer> peers = List.of();

  @BeforeEach
  void gatherOnePeer() throws Exception {
    RegistrationClock clock =
        new RegistrationClock(Duration.ofSeconds(15), Duration.ofSeconds(3), 0);
    Device device = Device.of("600000000", "a machine");
    InetAddress ip = InetAddress.getLoopbackAddress();
    peers = List.of(new LightPeer(device, ip, clock, 1));
  }

  @AfterEach
  void endAll() {
    never.countDown();
    threads.shutdownNow();
    peers.getFirst().close();
  }

  @Test
  void countsARequesterThatThrowsAsFailed() throws Exception {
    PunchLoad load = load((target, home) -> fail());

    List<Asked> asked = load.finish();

    assertThat(asked)
        .isNotEmpty()
        .allSatisfy(one -> assertThat(one.outcome()).isEqualTo(Outcome.UNFINISHED))
        .allSatisfy(one -> assertThat(one.words()).contains("no such luck"));
  }

  @Test
  void countsARequesterThatComesToNoEndAsFailed() throws Exception {
    PunchLoad load = load((target, home) -> await(target));

    List<Asked> asked = load.finish(BRIEFLY);

    assertThat(asked)
        .isNotEmpty()
        .allSatisfy(one -> assertThat(one.outcome()).isEqualTo(Outcome.UNFINISHED));
  }

  @Test
  void endsWhenItsThreadsAreInterrupted() throws Exception {
    try (PunchLoad load = load((target, home) -> found(target))) {
      threads.shutdownNow();

      assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
      assertThat(load.asked()).allMatch(Asked::isFound);
    }
  }

  @Test
  void beginsNothingAfterItsEnd() throws Exception {
    CountDownLatch choosing = new CountDownLatch(1);
    PunchLoad load =
        new PunchLoad(
            (target, home) -> {
              begun.countDown();
              return found(target);
            },
            () -> {
              choosing.countDown();
              await("");
              return peers;
            },
            RATE,
            threads);
    choosing.await();

    load.finish(BRIEFLY);
    never.countDown();
    Awaitility.await().until(() -> threads.getActiveCount() == 0);

    assertThat(begun.getCount()).isOne();
    assertThat(load.asked()).isEmpty();
  }

  private PunchLoad load(PunchLoad.Question question) throws InterruptedException {
    PunchLoad load =
        new PunchLoad(
            (target, home) -> {
              begun.countDown();
              return question.ask(target, home);
            },
            () -> peers,
            RATE,
            threads);
    begun.await();
    return load;
  }

  private static Asked fail() {
    throw new IllegalStateException("no such luck");
  }

  private Asked await(String target) {
    try {
      never.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return found(target);
  }

  private static Asked found(String target) {
    long now = System.nanoTime();
    return new Asked(target, 1, 1, now, Duration.ZERO, Outcome.FOUND, "", ByteString.EMPTY);
  }
}
