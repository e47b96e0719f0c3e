package dev.rallypoint.architecture.planted.cycle.relay.splice;

import dev.rallypoint.architecture.planted.cycle.relay.meter.Gauge;

/** Knows the gauge, which knows the pipe. */
public record Pipe(Gauge gauge) {}
