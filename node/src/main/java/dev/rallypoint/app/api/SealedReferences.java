package dev.rallypoint.app.api;

import dev.rallypoint.access.AuditReference;
import dev.rallypoint.access.AuditReferences;
import dev.rallypoint.audit.ReferenceReader;
import dev.rallypoint.protocol.identity.SigningKey;
import dev.rallypoint.time.WallClock;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;

/**
 * Reads the references that the ID server sealed for devices; none on a node without the server's
 * secret key pair. A device shows one right after it was told of the connection, so an hour is
 * enough for clocks that differ.
 */
final class SealedReferences implements ReferenceReader {
  private static final Duration GOOD_FOR = Duration.ofHours(1);

  private final Optional<AuditReferences> references;
  private final WallClock clock;

  SealedReferences(Optional<SigningKey> pair, WallClock clock) {
    this.references = pair.map(known -> new AuditReferences(known, new SecureRandom()));
    this.clock = clock;
  }

  @Override
  public Optional<String> user(String reference) {
    return references
        .flatMap(known -> known.open(reference))
        .filter(
            opened -> Math.abs(clock.micros() / 1_000 - opened.atMillis()) <= GOOD_FOR.toMillis())
        .map(AuditReference::user);
  }
}
