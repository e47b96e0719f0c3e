package dev.rallypoint.store;

/** The result of {@link PeerStore#rename}. */
public enum RenameResult {
  /** The row has its new id. */
  DONE,
  /** There is no row of the old id, or it belongs to another device. */
  NOT_OWNED,
  /** The new id belongs to another device. */
  TAKEN
}
