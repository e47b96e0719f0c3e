package dev.rallypoint.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** How often the progress of an import or export is printed. */
class TransferProgressTest {
  private final List<String> lines = new ArrayList<>();
  private final AtomicLong clock = new AtomicLong(-5);

  @Test
  void saysOnceASecondHowFarItIs() {
    TransferProgress progress = new TransferProgress(lines::add, clock::get);
    for (int i = 1; i <= 25; i++) {
      clock.addAndGet(TimeUnit.MILLISECONDS.toNanos(100));
      progress.at(i * 1_000L, 25_000);
    }
    assertThat(lines)
        .containsExactly(
            "10,000 of 25,000 rows, 10,000 rows/s", "20,000 of 25,000 rows, 10,000 rows/s");
  }

  @Test
  void saysATenthOfAMegabyteToo() {
    TransferProgress progress = new TransferProgress(lines::add, clock::get);
    clock.addAndGet(TimeUnit.SECONDS.toNanos(1));
    progress.atBytes(300_000, 1_234_600_000);
    assertThat(lines).containsExactly("0.3 of 1,234.6 MB");
  }
}
