package dev.rallypoint.house.planted.clock.policy;

/** Reads a clock. */
final class NanoReader {
  long now() {
    return System.nanoTime();
  }
}
