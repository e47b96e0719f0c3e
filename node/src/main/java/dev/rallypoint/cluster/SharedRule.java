package dev.rallypoint.cluster;

/**
 * A rule that an operator has changed for the whole cluster.
 *
 * @param name what it is, such as {@code always-use-relay} or {@code blocklist}
 * @param value the rule as text; empty where the node's own setting holds again
 * @param changed when it was changed, milliseconds since 1970 by the clock of the node that did it;
 *     of two values the later one holds
 */
public record SharedRule(String name, String value, long changed) implements ClusterMessage {
  /** The most characters of a value: all rules cross in one message between nodes. */
  public static final int MAX_VALUE = 60_000;

  /** Whether this one holds, and not the other of the same name. */
  public boolean isNewerThan(SharedRule other) {
    return changed != other.changed ? changed > other.changed : value.compareTo(other.value) > 0;
  }
}
