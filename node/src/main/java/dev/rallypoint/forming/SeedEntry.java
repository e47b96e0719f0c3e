package dev.rallypoint.forming;

import dev.rallypoint.config.ClusterSettings;
import dev.rallypoint.config.SettingException;
import dev.rallypoint.forming.Greeter.Greeted;
import java.time.Duration;
import java.util.List;

/**
 * Finds the other nodes at addresses that all of them were told. The first of these begins the
 * cluster when no other one is in it.
 *
 * @param newcomer this node
 * @param seeds host:port, in the same order on all nodes
 */
record SeedEntry(Newcomer newcomer, List<String> seeds) {

  /** Returns once this node is a member. */
  void enter() {
    String self = newcomer.self();
    List<String> others = seeds.stream().filter(seed -> !seed.equals(self)).toList();
    boolean isFirst = seeds.getFirst().equals(self);
    Timing timing = newcomer.timing();
    long start = System.nanoTime();
    while (true) {
      List<Greeted> answers = newcomer.greet(others);
      List<Greeted> members = answers.stream().filter(Greeted::member).toList();
      if (!members.isEmpty()) {
        newcomer.join(members);
        return;
      }
      Duration waited = Duration.ofNanos(System.nanoTime() - start);
      if (isFirst && (answers.size() == others.size() || waited.compareTo(timing.silence()) > 0)) {
        newcomer.begin();
        return;
      }
      if (waited.compareTo(timing.giveUp()) > 0) {
        throw answers.isEmpty() ? newcomer.unreachable(seeds.getFirst()) : nobodyBegins(answers);
      }
      newcomer.pause();
    }
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
