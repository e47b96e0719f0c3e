package dev.rallypoint.bootstrap;

import dev.rallypoint.bootstrap.IdentityResponder.Greeted;
import dev.rallypoint.bootstrap.MemberTable.Row;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Finds the other nodes in the shared database. A member that is not heard of there is asked too
 * before it counts as gone, so that an outage of the database does not make two clusters.
 *
 * @param newcomer this node
 * @param table the members
 */
record DatabaseDiscovery(Joiner newcomer, MemberTable table) {

  /** Returns once this node is a member and its row is written. */
  void enter() {
    KnownNodes known = new KnownNodes(newcomer, table);
    JoinTimeouts timing = newcomer.timing();
    long start = System.nanoTime();
    Map<UUID, Long> heardSince = new HashMap<>();
    StartupWaitNotice notice = new StartupWaitNotice();
    while (true) {
      List<Row> others = known.rows();
      List<Greeted> members =
          newcomer.greet(others.stream().map(Row::address).toList()).stream()
              .filter(Greeted::member)
              .filter(greeted -> greeted.cluster().equals(table.cluster()))
              .toList();
      if (!members.isEmpty()) {
        newcomer.join(members);
        table.enter();
        return;
      }
      List<Row> heard = others.stream().filter(table::isHeard).toList();
      long now = System.nanoTime();
      heardSince.keySet().retainAll(heard.stream().map(Row::incarnation).toList());
      heard.forEach(row -> heardSince.putIfAbsent(row.incarnation(), now));
      if (others.isEmpty() || heard.isEmpty() && now - start > timing.silence().toNanos()) {
        if (table.begin(others)) {
          newcomer.begin();
          return;
        }
      }
      for (Row row : heard) {
        if (now - heardSince.getOrDefault(row.incarnation(), now) > timing.giveUp().toNanos()) {
          throw newcomer.unreachable(row.address());
        }
      }
      notice.stillFor(
          (heard.isEmpty() ? others : heard).stream().map(Row::address).toList(),
          heard.isEmpty() ? timing.silence() : timing.giveUp());
      newcomer.pause();
    }
  }
}
