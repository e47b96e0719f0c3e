package dev.rallypoint.house.planted.sideways.relay;

/** On the same floor. */
public record Leg(String uuid) {}
