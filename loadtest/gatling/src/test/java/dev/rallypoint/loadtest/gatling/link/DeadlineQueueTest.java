package dev.rallypoint.loadtest.gatling.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeadlineQueueTest {
  private final DeadlineQueue queue = new DeadlineQueue();
  private final List<String> done = new ArrayList<>();

  private DeadlineQueue.Deadline add(long at, String what) {
    return queue.add(at, () -> done.add(what));
  }

  @Test
  void doesWhatIsDueInTheOrderOfTimes() {
    add(30, "third");
    add(10, "first");
    add(20, "second");

    queue.expire(20, Runnable::run);

    assertThat(done).containsExactly("first", "second");
    assertThat(queue.isEmpty()).isFalse();
  }

  @Test
  void keepsTheOrderOfAddingAtOneTime() {
    add(10, "first");
    add(10, "second");
    add(10, "third");

    queue.expire(10, Runnable::run);

    assertThat(done).containsExactly("first", "second", "third");
  }

  @Test
  void leavesOutWhatIsCancelled() {
    add(10, "kept");
    add(5, "cancelled").cancel();

    queue.expire(10, Runnable::run);

    assertThat(done).containsExactly("kept");
    assertThat(queue.isEmpty()).isTrue();
  }

  @Test
  void doesNothingTwice() {
    add(10, "once");

    queue.expire(10, Runnable::run);
    queue.expire(10, Runnable::run);

    assertThat(done).containsExactly("once");
  }

  @Test
  void takesWhatAnActionAddsForTheSameTime() {
    queue.add(10, () -> add(10, "added"));

    queue.expire(10, Runnable::run);

    assertThat(done).containsExactly("added");
  }

  @Test
  void comparesTimesAcrossTheOverflowOfTheClock() {
    add(Long.MAX_VALUE, "before");
    add(Long.MIN_VALUE + 10, "after");

    queue.expire(Long.MIN_VALUE, Runnable::run);

    assertThat(done).containsExactly("before");
  }
}
