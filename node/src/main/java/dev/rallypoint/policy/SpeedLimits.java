package dev.rallypoint.policy;

import dev.rallypoint.config.BandwidthSettings;

/**
 * The relay's bandwidth limits in bytes a second, and hbbr's rule for slowing a session down.
 *
 * @param settings the limits as configured
 * @param single bytes a second of one session
 * @param total bytes a second of the node
 * @param limited bytes a second of a session that is slowed down
 */
public record SpeedLimits(BandwidthSettings settings, long single, long total, long limited) {

  /** The limits of these settings. */
  public static SpeedLimits from(BandwidthSettings settings) {
    return new SpeedLimits(
        settings,
        BandwidthSettings.bytesPerSecond(settings.single()),
        BandwidthSettings.bytesPerSecond(settings.total()),
        BandwidthSettings.bytesPerSecond(settings.limited()));
  }

  /** The limit of one session. */
  public long of(boolean isLimited) {
    return isLimited ? limited : single;
  }

  /**
   * Whether a session has used too much for too long: it is older than {@code downgradeStartCheck}
   * and its average since its start is over {@code downgradeThreshold} of the single cap.
   *
   * @param ageNanos how old the session is
   * @param bytes what it moved, both directions
   */
  public boolean isOverused(long ageNanos, long bytes) {
    if (ageNanos <= 0 || ageNanos <= settings.downgradeStartCheck().toNanos()) {
      return false;
    }
    return bytes / (ageNanos / 1e9) > settings.downgradeThreshold() * single;
  }
}
