package dev.rallypoint.architecture.planted.tangle;

/** Depends on the next. */
record Second(Third next) {}
