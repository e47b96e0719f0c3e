package dev.rallypoint.bootstrap;

/** Whether a node that was asked has the same database as the node that asks. */
enum DatabaseMatch {
  /** It found the {@link JoinToken} in its own database, or it is of a version without tokens. */
  COMMON,
  /** It did not find it: one of the two databases is a copy of the other, or an older state. */
  OTHER,
  /** Its database did not answer. */
  UNKNOWN
}
