package dev.rallypoint.architecture.planted.upward.store;

/** In the third layer. */
public record Row(String text) {}
