package dev.rallypoint.architecture.planted.wallclock.time;

/** A clock. */
public interface WallClock {
  /** The time. */
  long micros();
}
