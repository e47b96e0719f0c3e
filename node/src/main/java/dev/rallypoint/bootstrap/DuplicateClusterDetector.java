package dev.rallypoint.bootstrap;

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
 * Detects a second cluster of the same name on the same database: nodes that keep updating their
 * rows and are no members of this cluster. Nodes that were removed do so too until they have ended,
 * so it waits. The cluster with fewer nodes has to end, of equal ones the younger: both clusters
 * decide by the same rows. Not safe for several threads.
 */
final class DuplicateClusterDetector {
  private static final Comparator<MemberRow> AGE =
      Comparator.comparing(MemberRow::started).thenComparing(MemberRow::address);

  private final Duration graceTime;
  private final Duration stale;
  private final Map<UUID, Sighting> outsiders = new HashMap<>();

  /**
   * A row of a node that is no member here. Its times are those of this node's clock.
   *
   * @param since when it was first seen
   * @param changedAt when its heartbeat was last seen to change
   */
  private record Sighting(long since, Instant heartbeat, long changedAt) {
    Sighting again(Instant now, long nanos) {
      return now.equals(heartbeat) ? this : new Sighting(since, now, nanos);
    }
  }

  /**
   * @param graceTime how long a node that is no member may update its row
   * @param stale how long its row may stay unchanged; the clock of the database may be set
   */
  DuplicateClusterDetector(Duration graceTime, Duration stale) {
    this.graceTime = graceTime;
    this.stale = stale;
  }

  /**
   * A node of another cluster in favor of which this node has to end.
   *
   * @param rows the rows with a recent heartbeat
   * @param members the addresses of the members of this cluster
   * @param nanos the time, in nanoseconds of a monotonic clock
   */
  Optional<MemberRow> rival(List<MemberRow> rows, Set<String> members, long nanos) {
    List<MemberRow> others = rows.stream().filter(row -> !members.contains(row.address())).toList();
    outsiders.keySet().retainAll(others.stream().map(MemberRow::incarnation).toList());
    others.forEach(row ->
        outsiders.merge(
            row.incarnation(),
            new Sighting(nanos, row.heartbeat(), nanos),
            (seen, now) -> seen.again(row.heartbeat(), nanos)));
    List<MemberRow> theirs = others.stream().filter(row -> isActive(row, nanos)).toList();
    List<MemberRow> ours = rows.stream().filter(row -> members.contains(row.address())).toList();
    if (theirs.isEmpty() || ours.isEmpty()) {
      return Optional.empty();
    }
    MemberRow oldest = oldest(theirs);
    boolean hasToEnd =
        theirs.size() == ours.size()
            ? AGE.compare(oldest, oldest(ours)) < 0
            : theirs.size() > ours.size();
    return hasToEnd ? Optional.of(oldest) : Optional.empty();
  }

  private static MemberRow oldest(List<MemberRow> rows) {
    return rows.stream().min(AGE).orElseThrow();
  }

  private boolean isActive(MemberRow row, long nanos) {
    Sighting seen = outsiders.get(row.incarnation());
    return seen != null
        && nanos - seen.since() > graceTime.toNanos()
        && nanos - seen.changedAt() < stale.toNanos();
  }
}
