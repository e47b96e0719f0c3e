package dev.rallypoint.architecture.planted.upward.policy;

/** Depends on a part of a higher layer. */
record Verdict(dev.rallypoint.architecture.planted.upward.store.Row row) {}
