package dev.rallypoint.house.planted.statics.metrics;

/** Holds state in a static. */
final class Tally {
  static int count;

  private Tally() {}
}
