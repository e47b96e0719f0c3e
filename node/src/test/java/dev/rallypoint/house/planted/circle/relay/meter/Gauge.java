package dev.rallypoint.house.planted.circle.relay.meter;

import dev.rallypoint.house.planted.circle.relay.splice.Pipe;

/** Knows the pipe, which knows the gauge. */
public record Gauge(Pipe pipe) {}
