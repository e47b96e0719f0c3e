package dev.rallypoint.bootstrap;

import dev.rallypoint.bootstrap.MemberTable.Row;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Notices a second cluster of the same name: nodes that keep saying in the shared database that
 * they are there, and are no members here. Nodes that were given up do that too until they have
 * ended, so it waits. Of the two clusters the one with fewer nodes is to end, of equal ones the
 * younger: both judge by the same rows.
 */
final class DuplicateClusterDetector {
  private static final Comparator<Row> AGE =
      Comparator.comparing(Row::started).thenComparing(Row::address);

  private final Duration patience;
  private final Duration stale;
  private final Map<UUID, Sighting> strangers = new HashMap<>();

  /** Since when a stranger is there, and when its row was last written, by this node's clock. */
  private record Sighting(long since, Instant heartbeat, long moved) {
    Sighting again(Instant now, long nanos) {
      return now.equals(heartbeat) ? this : new Sighting(since, now, nanos);
    }
  }

  /**
   * @param patience how long a stranger may be there
   * @param stale how long its row may be as it was; the database's clock may be set
   */
  DuplicateClusterDetector(Duration patience, Duration stale) {
    this.patience = patience;
    this.stale = stale;
  }

  /**
   * A stranger for whose cluster this node is to end.
   *
   * @param rows of nodes that were heard of lately
   * @param members the addresses of this node's cluster
   * @param nanos the time
   */
  Optional<Row> rival(List<Row> rows, Set<String> members, long nanos) {
    List<Row> others = rows.stream().filter(row -> !members.contains(row.address())).toList();
    strangers.keySet().retainAll(others.stream().map(Row::incarnation).toList());
    others.forEach(row ->
        strangers.merge(
            row.incarnation(),
            new Sighting(nanos, row.heartbeat(), nanos),
            (seen, now) -> seen.again(row.heartbeat(), nanos)));
    List<Row> theirs = others.stream().filter(row -> isThere(row, nanos)).toList();
    List<Row> ours = rows.stream().filter(row -> members.contains(row.address())).toList();
    if (theirs.isEmpty() || ours.isEmpty()) {
      return Optional.empty();
    }
    Row oldest = oldest(theirs);
    boolean isToEnd =
        theirs.size() == ours.size()
            ? AGE.compare(oldest, oldest(ours)) < 0
            : theirs.size() > ours.size();
    return isToEnd ? Optional.of(oldest) : Optional.empty();
  }

  private static Row oldest(List<Row> rows) {
    return rows.stream().min(AGE).orElseThrow();
  }

  private boolean isThere(Row row, long nanos) {
    Sighting seen = strangers.get(row.incarnation());
    return seen != null
        && nanos - seen.since() > patience.toNanos()
        && nanos - seen.moved() < stale.toNanos();
  }
}
