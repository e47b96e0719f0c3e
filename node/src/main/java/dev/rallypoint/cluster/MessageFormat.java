package dev.rallypoint.cluster;

/**
 * The number of the format of the messages between nodes. Fields that a node may do without are
 * added without a new number: an older node ignores them, and a newer one takes a missing one for
 * zero, false or none. Everything else, such as a field that is renamed or a message that must be
 * understood, needs the next number. Nodes of one number and of the next one understand each other,
 * so that a cluster is upgraded node by node.
 */
public final class MessageFormat {
  /** The number of this version. */
  public static final int CURRENT = 1;

  private MessageFormat() {}

  /**
   * Whether nodes of this version and of that number understand each other.
   *
   * @param other 0 where the other node is of a version that does not tell its number
   */
  public static boolean isUnderstoodBy(int other) {
    return Math.abs(Math.max(1, other) - CURRENT) <= 1;
  }
}
