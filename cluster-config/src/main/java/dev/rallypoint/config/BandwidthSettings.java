package dev.rallypoint.config;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * hbbr's caps on relayed bytes, both directions of a session counted together. A megabit here is
 * 1024 x 1024 bits, as hbbr counts.
 *
 * @param single Mb/s one session may use
 * @param total Mb/s the node may relay in all
 * @param limited Mb/s of a session that is downgraded or whose address is in {@code blacklist.txt}
 * @param downgradeThreshold the share of {@code single} above which a session's average since its
 *     start makes it downgraded
 * @param downgradeStartCheck how old a session must be before that is looked at
 */
public record BandwidthSettings(
    double single,
    double total,
    double limited,
    double downgradeThreshold,
    Duration downgradeStartCheck) {
  private static final double BITS_PER_MEGABIT = 1024.0 * 1024.0;

  public BandwidthSettings {
    positive("single-bandwidth", single);
    positive("total-bandwidth", total);
    positive("limit-speed", limited);
    positive("downgrade-threshold", downgradeThreshold);
    Checks.range("downgrade-start-check", downgradeStartCheck, Duration.ZERO, Duration.ofDays(365));
  }

  /** hbbr's five, {@code single-bandwidth} to {@code downgrade-start-check}. */
  public static BandwidthSettings from(Config config) {
    SettingReader read = new SettingReader(config);
    return new BandwidthSettings(
        read.decimal("single-bandwidth"),
        read.decimal("total-bandwidth"),
        read.decimal("limit-speed"),
        read.decimal("downgrade-threshold"),
        read.time("downgrade-start-check"));
  }

  private static void positive(String setting, double value) {
    if (!(value > 0 && value <= 1_000_000)) {
      throw new SettingException(setting, value, "write a number over 0, up to 1000000");
    }
  }

  /** Bytes a second for a number of megabits a second. */
  public static long bytesPerSecond(double megabits) {
    return Math.max(1, Math.round(megabits * BITS_PER_MEGABIT / 8));
  }
}
