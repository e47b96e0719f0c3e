package dev.rallypoint.house.planted.circle.relay.splice;

import dev.rallypoint.house.planted.circle.relay.meter.Gauge;

/** Knows the gauge, which knows the pipe. */
public record Pipe(Gauge gauge) {}
