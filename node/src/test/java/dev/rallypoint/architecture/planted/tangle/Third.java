package dev.rallypoint.architecture.planted.tangle;

/** Depends on the next by a nested type. */
final class Third {
  /** Depends on the next. */
  record Nested(Fourth next, Leaf leaf) {}
}
