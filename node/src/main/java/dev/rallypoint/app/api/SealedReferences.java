package dev.rallypoint.app.api;

import dev.rallypoint.access.AccessControl;
import dev.rallypoint.access.AuditReference;
import dev.rallypoint.audit.ReferenceReader;
import dev.rallypoint.time.WallClock;
import java.time.Duration;
import java.util.Optional;

/**
 * Reads the references that the ID server sealed for devices. A device shows one right after it was
 * told of the connection, so an hour is enough for clocks that differ.
 */
record SealedReferences(AccessControl access, WallClock clock) implements ReferenceReader {
  private static final Duration GOOD_FOR = Duration.ofHours(1);

  @Override
  public Optional<String> user(String reference) {
    return access
        .open(reference)
        .filter(
            opened -> Math.abs(clock.micros() / 1_000 - opened.atMillis()) <= GOOD_FOR.toMillis())
        .map(AuditReference::user);
  }
}
