package dev.rallypoint.house.planted.upward.store;

/** On the second floor. */
public record Row(String text) {}
