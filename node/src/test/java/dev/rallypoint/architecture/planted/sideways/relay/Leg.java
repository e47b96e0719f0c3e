package dev.rallypoint.architecture.planted.sideways.relay;

/** In the same layer. */
public record Leg(String uuid) {}
