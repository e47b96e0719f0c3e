package dev.rallypoint.architecture.planted.tangle;

/** Depends on nothing. */
record Leaf(String text) {}
