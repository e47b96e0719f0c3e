package dev.rallypoint.app.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class ReadinessTest {
  private final Queue<Runnable> threads = new ArrayDeque<>();
  private final Queue<Runnable> later = new ArrayDeque<>();
  private Optional<String> refusal = Optional.empty();
  private long now;
  private int checks;
  private final Readiness readiness =
      new Readiness(
          () -> refusal, () -> List.of("fault " + ++checks), threads::add, later::add, () -> now);

  private void finish() {
    threads.remove().run();
  }

  /** The listeners have been asked once. */
  private void begin() {
    var first = readiness.faults();
    finish();
    assertThat(first).isCompletedWithValue(List.of("fault 1"));
  }

  @Test
  void hasAnAnswerForWhoeverAsksFirst() {
    var begun = readiness.begin();
    finish();
    assertThat(begun).isCompletedWithValue(List.of("fault 1"));
    assertThat(readiness.faults()).isCompletedWithValue(List.of("fault 1"));
    assertThat(threads).isEmpty();
  }

  @Test
  void asksTheListenersOnceForAllWhoAskMeanwhile() {
    var first = readiness.faults();
    var second = readiness.faults();
    finish();
    assertThat(first).isCompletedWithValue(List.of("fault 1"));
    assertThat(second).isCompletedWithValue(List.of("fault 1"));
    assertThat(threads).isEmpty();
  }

  @Test
  void asksNobodyWithinASecondAfterTheLastCheck() {
    begin();
    now = Duration.ofSeconds(1).toNanos();
    assertThat(readiness.faults()).isCompletedWithValue(List.of("fault 1"));
    assertThat(threads).isEmpty();
  }

  @Test
  void tellsTheLastCheckWithoutWaitingForTheNextOne() {
    begin();
    now = Duration.ofSeconds(10).toNanos();
    assertThat(readiness.faults()).isCompletedWithValue(List.of("fault 1"));
    assertThat(threads).as("what competes with the answer").isEmpty();
    later.remove().run();
    assertThat(readiness.faults()).isCompletedWithValue(List.of("fault 2"));
  }

  @Test
  void waitsForTheCheckWhenTheLastOneIsOfMoreThanAMinuteAgo() {
    begin();
    now = Duration.ofMinutes(1).toNanos() + 1;
    var later = readiness.faults();
    assertThat(later.toCompletableFuture()).isNotDone();
    finish();
    assertThat(later).isCompletedWithValue(List.of("fault 2"));
  }

  @Test
  void asksNoListenersOfANodeThatStopsMeanwhile() {
    begin();
    now = Duration.ofSeconds(10).toNanos();
    var known = readiness.faults();
    refusal = Optional.of("it stops");
    later.remove().run();
    assertThat(known).isCompletedWithValue(List.of("fault 1"));
    assertThat(checks).isEqualTo(1);
  }

  @Test
  void tellsWhatTheNodeKnowsByItselfAtOnce() {
    begin();
    refusal = Optional.of("it stops");
    assertThat(readiness.faults()).isCompletedWithValue(List.of("it stops"));
  }

  @Test
  void tellsThatTheListenersCouldNotBeAsked() {
    Readiness broken =
        new Readiness(
            Optional::empty,
            () -> {
              throw new IllegalStateException("no threads");
            },
            Runnable::run,
            Runnable::run,
            () -> now);
    assertThat(broken.faults().toCompletableFuture().join())
        .singleElement()
        .asString()
        .contains("could not be asked", "no threads");
  }
}
