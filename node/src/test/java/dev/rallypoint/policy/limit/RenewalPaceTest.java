package dev.rallypoint.policy.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.protocol.identity.PeerId;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** When leases are renewed. Times are milliseconds. */
class RenewalPaceTest {
  private static final int PEERS = 100_000;
  private static final int FROM = 300_000;
  private static final int AFTER = 450_000;

  private final RenewalPace pace = new RenewalPace(FROM, AFTER);

  private static PeerId id(int number) {
    return new PeerId(String.valueOf(300_000_000 + number));
  }

  @Test
  void spreadsPeersThatRegisteredInTheSameMoment() {
    int seconds = (AFTER - FROM) / 1_000;
    int[] inSecond = new int[seconds + 1];
    for (int i = 0; i < PEERS; i++) {
      inSecond[(int) (pace.next(id(i), 0) - FROM) / 1_000]++;
    }

    assertThat(Arrays.stream(inSecond).max().orElseThrow()).isLessThan(2 * PEERS / seconds);
  }

  @Test
  void renewsEachLeaseBetweenItsTwoAges() {
    for (int i = 0; i < PEERS; i++) {
      assertThat(pace.next(id(i), 7)).isBetween(7L + FROM, 7L + AFTER);
    }
  }

  @Test
  void renewsAllAtOneAgeWhereThatIsAsked() {
    assertThat(RenewalPace.after(AFTER).next(id(1), 0)).isEqualTo(AFTER);
  }

  @Test
  void admitsInAMomentNoMoreThanThreeTimesTheirShare() {
    int admitted = 0;
    for (int i = 0; i < PEERS; i++) {
      admitted += pace.admits(1_000_000, 50) ? 1 : 0;
    }

    assertThat(admitted).isEqualTo(3 * 1_000_000 / (AFTER / 100));
    assertThat(pace.admits(1_000_000, 100)).isTrue();
  }

  @Test
  void admitsAHundredOfAFewLeases() {
    int admitted = 0;
    for (int i = 0; i < 1_000; i++) {
      admitted += pace.admits(5, 50) ? 1 : 0;
    }

    assertThat(admitted).isEqualTo(100);
  }
}
