package dev.rallypoint.relay.legs;

import dev.rallypoint.config.RelaySettings;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.relay.engine.Gate;
import dev.rallypoint.relay.engine.RelayEngine;
import dev.rallypoint.relay.handshake.RelayDoor;
import dev.rallypoint.relay.loop.RelayRules;
import dev.rallypoint.relay.session.SessionCommand;
import java.util.function.BiConsumer;

/**
 * What {@link NodeLegs} uses of its node.
 *
 * @param gate takes accepted connections
 * @param pairing connects legs with partners on other nodes
 * @param sessions sends a message to the session of a uuid
 */
public record NodeLegsContext(
    RelayEngine engine,
    RelayRules rules,
    RelayDoor door,
    Gate gate,
    LegPairing pairing,
    RelaySettings settings,
    Counters counters,
    BiConsumer<String, SessionCommand> sessions) {

  /** The relay's clock in nanoseconds. */
  long now() {
    return engine.context().now();
  }
}
