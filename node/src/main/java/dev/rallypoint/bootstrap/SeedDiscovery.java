package dev.rallypoint.bootstrap;

import dev.rallypoint.bootstrap.IdentityResponder.Greeted;
import dev.rallypoint.bootstrap.MemberTable.Row;
import dev.rallypoint.config.ClusterSettings;
import dev.rallypoint.config.SettingException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * Finds the other nodes at addresses that all of them were told. The first of these begins the
 * cluster when no other one is in it, neither by its own word nor by that of the shared database.
 *
 * @param newcomer this node
 * @param table the members
 * @param seeds host:port, in the same order on all nodes
 */
record SeedDiscovery(Joiner newcomer, MemberTable table, List<String> seeds) {

  /** Returns once this node is a member and its row is written. */
  void enter() {
    String self = newcomer.self();
    List<String> others = seeds.stream().filter(seed -> !seed.equals(self)).toList();
    boolean isFirst = seeds.getFirst().equals(self);
    KnownNodes known = new KnownNodes(newcomer, table);
    JoinTimeouts timing = newcomer.timing();
    long start = System.nanoTime();
    long heardSince = start;
    StartupWaitNotice notice = new StartupWaitNotice();
    while (true) {
      List<Row> rows = known.rows();
      List<Greeted> answers =
          newcomer.greet(
              Stream.concat(others.stream(), rows.stream().map(Row::address)).distinct().toList());
      List<Greeted> members = answers.stream().filter(Greeted::member).toList();
      if (!members.isEmpty()) {
        newcomer.join(members);
        table.enter();
        return;
      }
      Duration waited = Duration.ofNanos(System.nanoTime() - start);
      List<Row> heard = rows.stream().filter(table::isHeard).toList();
      boolean isFirstOfAll = rows.isEmpty() && answers.size() == others.size();
      if (isFirst
          && heard.isEmpty()
          && (isFirstOfAll || waited.compareTo(timing.silence()) > 0)
          && table.begin(rows)) {
        newcomer.begin();
        return;
      }
      heardSince = heard.isEmpty() ? System.nanoTime() : heardSince;
      long since = heard.isEmpty() ? start : heardSince;
      if (System.nanoTime() - since > timing.giveUp().toNanos()) {
        throw refusal(heard, answers);
      }
      notice.stillFor(
          heard.isEmpty() ? List.of(seeds.getFirst()) : heard.stream().map(Row::address).toList(),
          timing.giveUp());
      newcomer.pause();
    }
  }

  private SettingException refusal(List<Row> heard, List<Greeted> answers) {
    if (!heard.isEmpty()) {
      return newcomer.unreachable(heard.getFirst().address());
    }
    return answers.isEmpty() ? newcomer.unreachable(seeds.getFirst()) : nobodyBegins(answers);
  }

  private SettingException nobodyBegins(List<Greeted> answers) {
    return new SettingException(
        ClusterSettings.SEEDS,
        String.join(",", seeds),
        "the node "
            + answers.getFirst().address()
            + " waits too; start the first one, "
            + seeds.getFirst()
            + ", which begins the cluster, or mend its address here and its own "
            + ClusterSettings.HOST);
  }
}
