package dev.rallypoint.time;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * The time of day. It may jump in both directions, so no duration is measured with it. It is used
 * where two nodes compare times, in the mangled addresses of the wire protocol, and in output for
 * people.
 */
@FunctionalInterface
public interface WallClock {
  /** The clock of the operating system. */
  WallClock SYSTEM = () -> ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());

  /** Microseconds since 1970-01-01T00:00:00Z. */
  long micros();

  /** The same time as an instant. */
  default Instant instant() {
    return Instant.EPOCH.plus(micros(), ChronoUnit.MICROS);
  }
}
