package dev.rallypoint.architecture.planted.wallclock.registration;

import dev.rallypoint.architecture.planted.wallclock.time.WallClock;

/** The fault: homes that are ordered by the clock of a node. */
public record DatedHome(WallClock clock) {
  /** Whether another home is the older one. */
  public boolean isNewerThan(long micros) {
    return clock.micros() > micros;
  }
}
