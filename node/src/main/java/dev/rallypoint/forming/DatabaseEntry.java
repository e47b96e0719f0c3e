package dev.rallypoint.forming;

import dev.rallypoint.forming.Greeter.Greeted;
import dev.rallypoint.forming.MemberTable.Row;
import java.time.Duration;
import java.util.List;

/**
 * Finds the other nodes in the shared database. A member that is not heard of there is asked too
 * before it counts as gone, so that an outage of the database does not make two clusters.
 *
 * @param newcomer this node
 * @param table the members
 */
record DatabaseEntry(Newcomer newcomer, MemberTable table) {

  /** Returns once this node is a member and its row is written. */
  void enter() {
    table.forgetEarlierLives();
    Timing timing = newcomer.timing();
    long start = System.nanoTime();
    while (true) {
      List<Row> others = table.others();
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
      Duration waited = Duration.ofNanos(System.nanoTime() - start);
      if (others.isEmpty() || heard.isEmpty() && waited.compareTo(timing.silence()) > 0) {
        if (table.begin(others)) {
          newcomer.begin();
          return;
        }
      } else if (!heard.isEmpty() && waited.compareTo(timing.giveUp()) > 0) {
        throw newcomer.unreachable(heard.getFirst().address());
      }
      newcomer.pause();
    }
  }
}
