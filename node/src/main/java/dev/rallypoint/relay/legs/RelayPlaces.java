package dev.rallypoint.relay.legs;

import dev.rallypoint.policy.limit.PlaceLimits;
import java.util.function.IntSupplier;

/**
 * The places that this node's relay has for connections of clients.
 *
 * @param taken how many are taken; for any thread
 */
public record RelayPlaces(PlaceLimits limits, IntSupplier taken) {

  /** How many must become free. */
  int shortage() {
    return limits.shortage(taken.getAsInt());
  }
}
