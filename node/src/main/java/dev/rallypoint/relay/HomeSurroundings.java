package dev.rallypoint.relay;

import dev.rallypoint.config.RelaySettings;
import dev.rallypoint.metrics.Counters;
import java.util.function.BiConsumer;

/**
 * What the node's actor for its legs works with.
 *
 * @param gate takes accepted connections
 * @param sessions tells the session of a uuid something
 */
record HomeSurroundings(
    SpliceEngine engine,
    RelayRules rules,
    RelayDoor door,
    Gate gate,
    Meetings meetings,
    RelaySettings settings,
    Counters counters,
    BiConsumer<String, RelaySession.Command> sessions) {}
