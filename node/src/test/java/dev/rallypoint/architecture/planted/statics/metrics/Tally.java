package dev.rallypoint.architecture.planted.statics.metrics;

/** Holds state in a static. */
final class Tally {
  static int count;

  private Tally() {}
}
