package dev.rallypoint.house.planted.upward.policy;

/** Reaches up, to a room above. */
record Verdict(dev.rallypoint.house.planted.upward.store.Row row) {}
