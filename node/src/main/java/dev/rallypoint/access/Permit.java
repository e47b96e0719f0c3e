package dev.rallypoint.access;

import java.util.Optional;

/**
 * What goes to the target with an attempt that is allowed.
 *
 * @param permissions for the session, 2 bits each as on the wire; 0 leaves them to the target
 * @param reference to the log-in, where the controller has one
 * @param sealed the same for {@code conn_audit_ref}, or empty
 */
public record Permit(long permissions, Optional<AuditReference> reference, String sealed) {
  /** Nothing is told. */
  public static final Permit PLAIN = new Permit(0, Optional.empty(), "");
}
