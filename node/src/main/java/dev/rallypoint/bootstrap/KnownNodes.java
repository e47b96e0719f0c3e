package dev.rallypoint.bootstrap;

import dev.rallypoint.bootstrap.MemberTable.Row;
import dev.rallypoint.config.ClusterSettings;
import dev.rallypoint.config.SettingException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The other nodes by the shared database. A row at this node's own address is that of an earlier
 * life, whose end this one is, or by mistake that of another node, which must not suffer from it.
 *
 * @param newcomer this node
 * @param table the members
 */
record KnownNodes(Joiner newcomer, MemberTable table) {
  /** A living node does not miss so many in a row. */
  private static final int BEATS = 3;

  /**
   * Their rows.
   *
   * @throws SettingException when another living node has this one's address
   */
  List<Row> rows() {
    Optional<Row> former = former();
    while (former.isPresent()) {
      end(former.get());
      former = former();
    }
    return table.others();
  }

  private Optional<Row> former() {
    return table.others().stream().filter(row -> row.address().equals(table.self())).findFirst();
  }

  private void end(Row life) {
    Duration beat = newcomer.timing().beat();
    Duration sure = beat.multipliedBy(BEATS);
    long start = System.nanoTime();
    Optional<Row> seen = Optional.of(life);
    while (seen.isPresent() && table.isHeard(seen.get())) {
      if (!seen.get().heartbeat().equals(life.heartbeat())) {
        throw new SettingException(
            ClusterSettings.HOST,
            table.self(),
            "a living node has this address; write "
                + ClusterSettings.HOST
                + ", on each node what the others reach just that one by");
      }
      Duration watched = Duration.ofNanos(System.nanoTime() - start);
      boolean isSilent = seen.get().age().compareTo(sure) > 0 && watched.compareTo(beat) > 0;
      if (isSilent || watched.compareTo(sure) > 0) {
        break;
      }
      newcomer.pause();
      seen = former();
    }
    table.forget(life);
  }
}
