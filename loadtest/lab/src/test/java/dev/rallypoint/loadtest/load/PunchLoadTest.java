package dev.rallypoint.loadtest.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.rallypoint.loadtest.peer.registration.RegistrationSchedule;
import dev.rallypoint.loadtest.peer.settings.Device;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
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

  /** As in a fault run: tasks after the shutdown are dropped. */
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
  private List<RegisteredPeer> peers = List.of();

  @BeforeEach
  void createOnePeer() throws Exception {
    RegistrationSchedule schedule =
        new RegistrationSchedule(Duration.ofSeconds(15), Duration.ofSeconds(3), 0);
    Device device = Device.create(new SplittableRandom(1));
    InetAddress address = InetAddress.getLoopbackAddress();
    peers = List.of(new RegisteredPeer("600000000", device, address, schedule, 1));
  }

  @AfterEach
  void endAll() {
    never.countDown();
    threads.shutdownNow();
    peers.getFirst().close();
  }

  @Test
  void countsARequestThatThrowsAsUnfinished() throws Exception {
    PunchLoad load = load((target, home) -> fail());

    List<PunchResult> results = load.finish();

    assertThat(results)
        .isNotEmpty()
        .allSatisfy(one -> assertThat(one.outcome()).isEqualTo(PunchOutcome.UNFINISHED))
        .allSatisfy(one -> assertThat(one.text()).contains("planted failure"));
  }

  @Test
  void countsARequestThatNeverEndsAsUnfinished() throws Exception {
    PunchLoad load = load((target, home) -> await(target));

    List<PunchResult> results = load.finish(BRIEFLY);

    assertThat(results)
        .isNotEmpty()
        .allSatisfy(one -> assertThat(one.outcome()).isEqualTo(PunchOutcome.UNFINISHED));
  }

  @Test
  void endsWhenItsThreadsAreInterrupted() throws Exception {
    try (PunchLoad load = load((target, home) -> found(target))) {
      threads.shutdownNow();

      assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
      assertThat(load.results()).allMatch(PunchResult::isFound);
    }
  }

  @Test
  void sendsNothingAfterFinish() throws Exception {
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
    assertThat(load.results()).isEmpty();
  }

  private PunchLoad load(PunchLoad.Request request) throws InterruptedException {
    PunchLoad load =
        new PunchLoad(
            (target, home) -> {
              begun.countDown();
              return request.send(target, home);
            },
            () -> peers,
            RATE,
            threads);
    begun.await();
    return load;
  }

  private static PunchResult fail() {
    throw new IllegalStateException("planted failure");
  }

  private PunchResult await(String target) {
    try {
      never.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return found(target);
  }

  private static PunchResult found(String target) {
    long now = System.nanoTime();
    return new PunchResult(
        target, 1, 1, now, Duration.ZERO, PunchOutcome.FOUND, "", ByteString.EMPTY);
  }
}
