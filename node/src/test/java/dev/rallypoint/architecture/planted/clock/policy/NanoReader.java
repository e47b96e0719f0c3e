package dev.rallypoint.architecture.planted.clock.policy;

/** Reads a clock. */
final class NanoReader {
  long now() {
    return System.nanoTime();
  }
}
