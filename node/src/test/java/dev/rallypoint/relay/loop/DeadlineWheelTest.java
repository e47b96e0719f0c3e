package dev.rallypoint.relay.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.transport.HandlerFaults;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Deadlines that come due on a wheel whose clock is an argument. */
class DeadlineWheelTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long START = -7 * SECOND;

  private final DeadlineWheel wheel = new DeadlineWheel(START);
  private final Counters counters = new Counters();
  private final HandlerFaults faults = new HandlerFaults(counters, () -> 0);

  /** An entry with a true deadline that puts itself back when asked too early. */
  private final class Alarm extends DeadlineWheel.Entry {
    private long deadline;
    private long rangAt = Long.MIN_VALUE;
    private int asked;

    Alarm(long deadline) {
      this.deadline = deadline;
      wheel.schedule(this, deadline);
    }

    @Override
    protected void onDeadline(long now) {
      asked++;
      if (now >= deadline) {
        rangAt = now;
      } else {
        wheel.schedule(this, deadline);
      }
    }

    @Override
    protected void onFault() {
      throw new IllegalStateException("ended by a fault");
    }
  }

  @Test
  void endsWhatFailsAtItsDeadlineAndAsksTheOthers() {
    boolean[] isEnded = {false};
    DeadlineWheel.Entry broken =
        new DeadlineWheel.Entry() {
          @Override
          protected void onDeadline(long now) {
            throw new IllegalStateException("planted");
          }

          @Override
          protected void onFault() {
            isEnded[0] = true;
          }
        };
    wheel.schedule(broken, START + SECOND);
    Alarm other = new Alarm(START + SECOND);

    wheel.advance(START + 2 * SECOND, faults);

    assertThat(isEnded[0]).isTrue();
    assertThat(other.rangAt).isEqualTo(START + 2 * SECOND);
    assertThat(counters.of(DropReason.HANDLER_FAULT)).isOne();
  }

  @Test
  void neverAsksTooEarlyAndAtMostATickTooLate() {
    Random random = new Random(1);
    List<Alarm> alarms = new ArrayList<>();
    long now = START;
    for (int step = 0; step < 22_000; step++) {
      if (step < 15_000) {
        alarms.add(new Alarm(now + Math.abs(random.nextLong() % (300 * SECOND))));
      }
      now += 50_000_000L;
      wheel.advance(now, faults);
    }
    assertThat(alarms)
        .allSatisfy(alarm ->
            assertThat(alarm.rangAt - alarm.deadline)
                .isBetween(0L, DeadlineWheel.TICK + 50_000_000L));
    assertThat(wheel.isEmpty()).isTrue();
  }

  @Test
  void missesNothingWhenTheClockLeaps() {
    List<Alarm> alarms = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      alarms.add(new Alarm(START + i * SECOND));
    }
    wheel.advance(START + 500 * SECOND, faults);
    wheel.advance(START + 2000 * SECOND, faults);
    assertThat(alarms).allSatisfy(alarm -> assertThat(alarm.rangAt).isGreaterThan(START));
  }

  @Test
  void aDeadlineThatMovedAwayIsAskedOnceAndPutBack() {
    Alarm alarm = new Alarm(START + 10 * SECOND);
    alarm.deadline = START + 20 * SECOND;
    for (long now = START; now < START + 15 * SECOND; now += DeadlineWheel.TICK) {
      wheel.advance(now, faults);
    }
    assertThat(alarm.asked).isOne();
    wheel.advance(START + 21 * SECOND, faults);
    assertThat(alarm.rangAt).isEqualTo(START + 21 * SECOND);
  }

  @Test
  void aDeadlineThatMovedNearerIsKept() {
    Alarm alarm = new Alarm(START + 60 * SECOND);
    alarm.deadline = START + 2 * SECOND;
    wheel.schedule(alarm, alarm.deadline);
    wheel.advance(START + 3 * SECOND, faults);
    assertThat(alarm.rangAt).isEqualTo(START + 3 * SECOND);
    wheel.advance(START + 100 * SECOND, faults);
    assertThat(alarm.asked).isOne();
  }

  @Test
  void aCancelledEntryIsNotAsked() {
    Alarm alarm = new Alarm(START + SECOND);
    wheel.cancel(alarm);
    assertThat(wheel.isEmpty()).isTrue();
    wheel.advance(START + 5 * SECOND, faults);
    assertThat(alarm.asked).isZero();
  }
}
