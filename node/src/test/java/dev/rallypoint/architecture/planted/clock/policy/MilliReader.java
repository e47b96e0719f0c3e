package dev.rallypoint.architecture.planted.clock.policy;

import java.util.function.LongSupplier;

/** Hands a clock on. */
final class MilliReader {
  LongSupplier clock() {
    return System::currentTimeMillis;
  }
}
