package dev.rallypoint.loadtest.faults;

import dev.rallypoint.loadtest.cluster.Member.End;
import dev.rallypoint.loadtest.crowd.Asked;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What was seen of a cut, and the judgement: which side gave way, when it fell silent, and whether
 * the other side went on. Moments are {@code System.nanoTime} values.
 *
 * @param node that lost its links to the others
 * @param cut when
 * @param healed when it got them back
 * @param ends of each node's processes that nobody asked for
 * @param answers of each node, asked by itself before, during and after
 */
record Cut(
    int node,
    long cut,
    long healed,
    Map<Integer, List<End>> ends,
    Map<Integer, List<Asked>> answers) {
  private static final Duration GOAL = Duration.ofSeconds(20);

  /** With two nodes nobody can say beforehand which of them goes on. */
  private static final int PAIR = 2;

  /** The node that gave way: the first whose process ended, else the one that was cut off. */
  int loser() {
    return ends.keySet().stream()
        .filter(node -> !endsOf(node).isEmpty())
        .min((one, other) ->
            Long.signum(endsOf(one).getFirst().at() - endsOf(other).getFirst().at()))
        .orElse(node);
  }

  private List<End> endsOf(int node) {
    return ends.getOrDefault(node, List.of()).stream().filter(end -> end.at() - cut > 0).toList();
  }

  void show(Scorecard card, String row) {
    int loser = loser();
    List<End> losing = endsOf(loser);
    if (ends.size() > PAIR) {
      card.must(row, "the side that gave way is the node cut off", loser == node, "node " + loser);
    } else {
      card.tell(row, "the side that gave way", "node " + loser);
    }
    long before = of(loser).filter(one -> heard(one) - cut < 0).filter(Cut::isAuthority).count();
    card.atLeast(row, "its answers as authority before the cut", before, 1);
    card.atMost(row, "it last answered as authority after", last(loser), GOAL);
    card.must(row, "its process ended by itself", !losing.isEmpty(), codes(losing));
    if (!losing.isEmpty()) {
      long ended = losing.getFirst().at();
      card.tell(row, "  after", Scorecard.seconds(Duration.ofNanos(ended - cut)));
      card.atMost(row, "  its answers from then to the heal", words(loser, ended), 0);
    }
    card.atMost(row, "processes of the other side that ended", othersEnded(loser), 0);
    card.atLeast(row, "peers found by each node of the other side", leastFound(loser), 1);
  }

  /** A question that began after the end is answered by the next process, if at all. */
  private long words(int node, long ended) {
    return of(node)
        .filter(one -> one.begun() - ended > 0 && heard(one) - healed < 0)
        .filter(one -> one.outcome().isWord())
        .count();
  }

  private long othersEnded(int loser) {
    return ends.keySet().stream()
        .filter(node -> node != loser)
        .mapToLong(node -> endsOf(node).size())
        .sum();
  }

  /** How many peers the least lucky of the other nodes found after the loser's last moment. */
  private long leastFound(int loser) {
    List<End> losing = endsOf(loser);
    long since = losing.isEmpty() ? cut : losing.getFirst().at();
    return answers.keySet().stream()
        .filter(node -> node != loser)
        .mapToLong(node ->
            of(node)
                .filter(one -> one.begun() - since > 0 && heard(one) - healed < 0)
                .filter(Asked::isFound)
                .count())
        .min()
        .orElse(0);
  }

  private Duration last(int node) {
    return of(node)
        .filter(Cut::isAuthority)
        .map(Cut::heard)
        .filter(at -> at - cut > 0 && at - healed < 0)
        .map(at -> Duration.ofNanos(at - cut))
        .max(Duration::compareTo)
        .orElse(Duration.ZERO);
  }

  private Stream<Asked> of(int node) {
    return answers.getOrDefault(node, List.of()).stream();
  }

  private static boolean isAuthority(Asked one) {
    return one.outcome().isAuthority();
  }

  private static long heard(Asked one) {
    return one.begun() + one.took().toNanos();
  }

  private static String codes(List<End> ends) {
    return ends.isEmpty()
        ? "no"
        : "codes "
            + ends.stream().map(end -> String.valueOf(end.code())).collect(Collectors.joining(" "));
  }
}
