package dev.rallypoint.app.health;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class ReadinessTest {
  private final Queue<Runnable> threads = new ArrayDeque<>();
  private long now;
  private int checks;
  private final Readiness readiness =
      new Readiness(() -> List.of("fault " + ++checks), threads::add, () -> now);

  private void finish() {
    threads.remove().run();
  }

  @Test
  void isCheckedOnceForAllWhoAskMeanwhile() {
    var first = readiness.faults();
    var second = readiness.faults();
    finish();
    assertThat(first).isCompletedWithValue(List.of("fault 1"));
    assertThat(second).isCompletedWithValue(List.of("fault 1"));
    assertThat(threads).isEmpty();
  }

  @Test
  void isKeptForASecondAfterTheCheckAndCheckedAgainThen() {
    var unused = readiness.faults();
    now = Duration.ofSeconds(30).toNanos();
    finish();
    now += Duration.ofSeconds(1).toNanos();
    assertThat(readiness.faults()).isCompletedWithValue(List.of("fault 1"));
    now++;
    var again = readiness.faults();
    finish();
    assertThat(again).isCompletedWithValue(List.of("fault 2"));
  }
}
