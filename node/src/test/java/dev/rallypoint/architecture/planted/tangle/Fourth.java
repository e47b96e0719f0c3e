package dev.rallypoint.architecture.planted.tangle;

/** Depends on the next. */
record Fourth(Fifth next) {}
