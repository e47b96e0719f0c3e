package dev.rallypoint.registration;

/** What became of an id that an operator wanted to be freed. */
public enum FreeOutcome {
  /** Its row is deleted, and the next device that registers under the id has it. */
  FREED,
  /** Nobody has the id. */
  UNKNOWN,
  /** Its peer is online, and only an offline one was to be freed. */
  ONLINE,
  /** The database or the other nodes did not answer; nothing changed. */
  UNAVAILABLE
}
