package dev.rallypoint.audit;

import java.util.Optional;

/**
 * Reads what the ID server gave a device of who controls, in the field {@code conn_audit_ref} of
 * its messages.
 */
@FunctionalInterface
public interface ReferenceReader {
  /**
   * The guid of the user whose token the server saw at the punch; empty where the text is not of
   * this server, is too old, or nobody was logged in.
   */
  Optional<String> user(String reference);

  /** Knows no references. */
  static ReferenceReader none() {
    return reference -> Optional.empty();
  }
}
