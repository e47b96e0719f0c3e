package dev.rallypoint.relay.legs;

import dev.rallypoint.config.RelaySettings;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.relay.engine.RelayEngine;
import dev.rallypoint.relay.session.SessionCommand;
import java.util.function.BiConsumer;

/**
 * What {@link NodeLegs} uses of its node.
 *
 * @param pairing makes sessions of legs that are partners
 * @param sessions sends a message to the session of a uuid
 */
public record NodeLegsContext(
    RelayEngine engine, LegPairing pairing, BiConsumer<String, SessionCommand> sessions) {

  RelaySettings settings() {
    return engine.context().settings();
  }

  Counters counters() {
    return engine.context().counters();
  }

  /** The relay's clock in nanoseconds. */
  long now() {
    return engine.context().now();
  }
}
