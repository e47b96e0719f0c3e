package dev.rallypoint.architecture.planted.clock.protocol.frame;

import java.time.Instant;

/** Reads a clock in a package of the protocol. */
final class InstantReader {
  Instant now() {
    return Instant.now();
  }
}
