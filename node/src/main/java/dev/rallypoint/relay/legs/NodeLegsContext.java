package dev.rallypoint.relay.legs;

import dev.rallypoint.config.RelaySettings;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.relay.session.RelaySession;
import dev.rallypoint.relay.splice.RelayRules;
import dev.rallypoint.relay.splice.SpliceEngine;
import java.util.function.BiConsumer;

/**
 * What the node's actor for its legs works with.
 *
 * @param sessions tells the session of a uuid something
 */
public record NodeLegsContext(
    SpliceEngine engine,
    RelayRules rules,
    BackhaulPairing meetings,
    RelaySettings settings,
    Counters counters,
    BiConsumer<String, RelaySession.Command> sessions) {}
