package dev.rallypoint.architecture.planted.cycle.relay.meter;

import dev.rallypoint.architecture.planted.cycle.relay.splice.Pipe;

/** Knows the pipe, which knows the gauge. */
public record Gauge(Pipe pipe) {}
