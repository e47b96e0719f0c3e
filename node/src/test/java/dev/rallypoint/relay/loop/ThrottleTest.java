package dev.rallypoint.relay.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.config.BandwidthSettings;
import dev.rallypoint.policy.AddressList;
import dev.rallypoint.policy.SpeedLimits;
import dev.rallypoint.policy.limit.BandwidthBudget;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Readers that share the budget of a session and of a node. */
class ThrottleTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final double NO_CAP = 100_000;

  /** What a loop's selector waits at least: it counts in milliseconds. */
  private static final long ROUND = TimeUnit.MILLISECONDS.toNanos(1);

  private final Throttle throttle;
  private final BandwidthBudget session = new BandwidthBudget(0);
  private final Greedy one;
  private final Greedy other;

  ThrottleTest() {
    throttle = throttle(1000, NO_CAP);
    one = new Greedy(throttle, session);
    other = new Greedy(throttle, session);
  }

  private static Throttle throttle(double single, double total) {
    BandwidthSettings settings = new BandwidthSettings(single, total, 1, 1, Duration.ofMinutes(30));
    return new Throttle(
        new RelayRules(SpeedLimits.from(settings), AddressList.EMPTY, AddressList.EMPTY),
        new BandwidthBudget(0));
  }

  /** Reads for as long as it may: its source always has more. */
  private static final class Greedy extends Throttle.Reader {
    private static final int PIECE = 64 * 1024;

    private final Throttle throttle;
    private final BandwidthBudget budget;
    private long bytes;

    Greedy(Throttle throttle, BandwidthBudget budget) {
      this.throttle = throttle;
      this.budget = budget;
    }

    @Override
    protected BandwidthBudget budget() {
      return budget;
    }

    @Override
    protected boolean isLimited() {
      return false;
    }

    @Override
    protected void resume(long now) {
      for (int may = throttle.admit(this, now); may > 0; may = throttle.admit(this, now)) {
        int read = Math.min(may, PIECE);
        throttle.refund(this, may - read);
        bytes += read;
      }
    }
  }

  private static void letRun(Throttle throttle, long nanos) {
    for (long now = 0; now <= nanos; now += ROUND) {
      throttle.resume(now);
    }
  }

  @Test
  void sharesASessionsCapBetweenItsTwoDirections() {
    one.resume(0);
    other.resume(0);
    letRun(throttle, 2 * SECOND);
    assertThat((double) one.bytes / other.bytes).isBetween(0.67, 1.5);
  }

  @Test
  void letsNoMoreThroughThanTheCap() {
    one.resume(0);
    other.resume(0);
    letRun(throttle, 2 * SECOND);
    long second = BandwidthSettings.bytesPerSecond(1000);
    assertThat(one.bytes + other.bytes).isBetween(2 * second, 2 * second + second / 9);
  }

  @Test
  void sharesTheNodesCapBetweenItsSessions() {
    Throttle node = throttle(NO_CAP, 1000);
    Greedy first = new Greedy(node, new BandwidthBudget(0));
    Greedy second = new Greedy(node, new BandwidthBudget(0));
    first.resume(0);
    second.resume(0);
    letRun(node, 2 * SECOND);
    assertThat((double) first.bytes / second.bytes).isBetween(0.67, 1.5);
  }

  @Test
  void sleepsForEverWhenNobodyIsParked() {
    assertThat(throttle.untilNext(0)).isNull();
  }
}
