package dev.rallypoint.architecture.planted.tangle;

/** Depends on the next. */
record Sixth(First next) {}
