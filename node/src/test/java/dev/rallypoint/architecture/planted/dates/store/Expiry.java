package dev.rallypoint.architecture.planted.dates.store;

import java.security.cert.X509Certificate;
import java.time.Instant;

/** Makes an instant of an old date at once, which is allowed. */
final class Expiry {
  Instant of(X509Certificate certificate) {
    return certificate.getNotAfter().toInstant();
  }
}
