package dev.rallypoint.policy.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which changes of an address or a key are two devices. */
class CloneWatchTest {
  private static final long GAP = 1_000;

  /** Places that a device is at, one after the other. */
  private static boolean isClone(String places, long gap) {
    CloneWatch watch = new CloneWatch(10);
    boolean isClone = false;
    List<String> stays = List.of(places.split(""));
    for (int i = 1; i < stays.size(); i++) {
      isClone |= watch.onChange("id", stays.get(i - 1), stays.get(i), i * gap);
    }
    return isClone;
  }

  @ParameterizedTest
  @CsvSource({
    "AB, false", // it has moved
    "ABCDE, false", // it moves on and on
    "ABA, false", // it is back
    "ABAB, false",
    "ABABA, true", // two of them take turns
    "ABCBABCB, false",
    "CCABABA, true"
  })
  void knowsTwoDevicesByTheirTurns(String places, boolean isClone) {
    assertThat(isClone(places, GAP)).isEqualTo(isClone);
  }

  @Test
  void takesSlowTurnsForOneDevice() {
    assertThat(isClone("ABABABABA", CloneWatch.WITHIN.toMillis() + 1)).isFalse();
  }

  @Test
  void keepsTheIdsThatChangedLast() {
    CloneWatch watch = new CloneWatch(1);
    watch.onChange("one", "A", "B", 1);
    watch.onChange("one", "B", "A", 2);
    watch.onChange("one", "A", "B", 3);
    watch.onChange("other", "A", "B", 4);
    assertThat(watch.onChange("one", "B", "A", 5)).isFalse();
  }
}
