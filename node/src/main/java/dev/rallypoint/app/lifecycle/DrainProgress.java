package dev.rallypoint.app.lifecycle;

import java.time.Instant;
import java.util.Optional;

/**
 * Whether a node drains, and what is left on it.
 *
 * @param since when the drain began; empty when the node takes clients
 * @param isDrained whether the node drains and could be stopped without cutting a relay session
 * @param relaySessions relay sessions with a leg here
 * @param peersAtHome peers that are registered here; they stay until the node is stopped
 * @param links connections that clients keep open here: registrations and HealthChecks
 */
public record DrainProgress(
    Optional<Instant> since, boolean isDrained, int relaySessions, int peersAtHome, int links) {

  /** Whether the node takes no new clients. */
  public boolean isDraining() {
    return since.isPresent();
  }
}
