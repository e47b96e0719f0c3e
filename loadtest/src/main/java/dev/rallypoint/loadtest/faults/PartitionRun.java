package dev.rallypoint.loadtest.faults;

import dev.rallypoint.loadtest.cluster.Member;
import dev.rallypoint.loadtest.crowd.Asked;
import dev.rallypoint.loadtest.crowd.Contest;
import dev.rallypoint.loadtest.crowd.History;
import dev.rallypoint.loadtest.crowd.LightPeer;
import dev.rallypoint.loadtest.crowd.PunchLoad;
import dev.rallypoint.loadtest.crowd.Requesting;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * R3: one node is cut off from the others, and healed. With two nodes nobody can say beforehand
 * which of them goes on; whichever does is the majority.
 */
final class PartitionRun implements FaultRun {
  private static final Duration LONGEST_CUT = Duration.ofSeconds(40);
  private static final Duration WATCHED = Duration.ofSeconds(15);
  private static final Duration RETURN = Duration.ofSeconds(60);
  private static final int COMPARED = 40;
  private static final int FIRST_ID = 710_000_000;

  @Override
  public String name() {
    return "R3";
  }

  @Override
  public String meaning() {
    return "the last node is cut off from the others and healed; then again without the database";
  }

  @Override
  public List<String> settings(Scale scale) {
    return Fight.SETTINGS;
  }

  @Override
  public int peers(Scale scale) {
    return scale.peers(1_000, 100);
  }

  @Override
  public void play(Rig rig, Scorecard card) throws Exception {
    int cutOff = rig.nodes().size();
    play(rig, card, new Partition(rig.cluster().network(), cutOff, false), name());
    if (!rig.scale().isQuick()) {
      play(rig, card, new Partition(rig.cluster().network(), cutOff, true), name() + " db");
    }
  }

  private void play(Rig rig, Scorecard card, Partition partition, String row) throws Exception {
    History history = new History();
    try (Contest contest =
            new Contest(FIRST_ID, 10, rig.nodes(), rig.requesting(), history, rig.threads());
        PunchLoad load = rig.load(() -> rig.crowd().peers());
        Watch watch = new Watch(rig)) {
      rig.cluster().nodes().forEach(node -> watch.begin(node.number()));
      rig.pass(rig.scale().seconds(10, 3));

      long cut = System.nanoTime();
      partition.cut();
      rig.pass(rig.scale().seconds(60, 24));
      // A process that is late must not be taken for one that came back.
      rig.await(LONGEST_CUT, () -> !endsSince(rig, cut).isEmpty());
      // Its supervisor has started it again: long enough to hear whether it serves by itself.
      rig.await(
          WATCHED,
          () ->
              endsSince(rig, cut).isEmpty()
                  || endsSince(rig, cut).stream().anyMatch(PartitionRun::isLongAgo));
      long healed = System.nanoTime();
      partition.heal();
      boolean areAllReady =
          rig.cluster().nodes().stream().allMatch(node -> node.awaitReady(RETURN));
      Duration back = Duration.ofNanos(System.nanoTime() - healed);
      rig.await(RETURN, () -> rig.crowd().acknowledgedSince(healed) == rig.crowd().peers().size());
      rig.pass(rig.scale().seconds(20, 3));
      watch.end();
      contest.end();
      Tally punches = new Tally(load.finish());

      Cut seen = new Cut(partition.node(), cut, healed, ends(rig), watch.answers());
      seen.show(card, row);
      card.must(
          row,
          "its supervisor brought it back, all are ready",
          areAllReady,
          areAllReady ? Scorecard.seconds(back) : "no");
      Tally elsewhere =
          punches
              .where(one -> one.begun() - cut > 0 && one.begun() - healed < 0)
              .where(one -> one.home() != seen.loser() && one.node() != seen.loser());
      card.tell(row, "while cut: punches within the other side", elsewhere.size());
      card.tell(row, "  failed", elsewhere.failures());
      elsewhere.details(cut, 5).forEach(one -> card.tell(row, "    " + one, ""));
    }
    card.must(row, "words on who has an id, judged", history.size() > 0, history.size());
    card.atLeast(row, "  of those, what requesters were told", history.answers(), 1);
    List<String> violations = history.violations();
    card.atMost(row, "breaches of the rule on keys", violations.size(), 0);
    violations.stream().limit(5).forEach(v -> card.tell(row, "  " + v, ""));
    Agreement.of(rig, compared(rig)).show(card, row);
  }

  private static List<Member.End> endsSince(Rig rig, long cut) {
    return rig.cluster().nodes().stream()
        .flatMap(node -> node.unaskedEnds().stream())
        .filter(end -> end.at() - cut > 0)
        .toList();
  }

  private static boolean isLongAgo(Member.End end) {
    return System.nanoTime() - end.at() > WATCHED.toNanos();
  }

  private static Map<Integer, List<Member.End>> ends(Rig rig) {
    return rig.cluster().nodes().stream()
        .collect(Collectors.toMap(Member::number, Member::unaskedEnds));
  }

  private static List<String> compared(Rig rig) {
    return rig.crowd().peers().stream().limit(COMPARED).map(LightPeer::id).toList();
  }

  /** Asks each node, and it alone, for peers and for ids that nobody has. */
  private static final class Watch implements AutoCloseable {
    private static final Duration BETWEEN = Duration.ofMillis(250);

    private final Rig rig;
    private final Map<Integer, Queue<Asked>> answers = new ConcurrentHashMap<>();
    private volatile boolean closed;

    private Watch(Rig rig) {
      this.rig = rig;
    }

    private Map<Integer, List<Asked>> answers() {
      return answers.entrySet().stream()
          .collect(Collectors.toMap(Map.Entry::getKey, heard -> List.copyOf(heard.getValue())));
    }

    private void begin(int node) {
      Queue<Asked> heard = new ConcurrentLinkedQueue<>();
      answers.put(node, heard);
      rig.threads()
          .execute(() -> {
            while (!closed) {
              List<LightPeer> peers = rig.crowd().peers();
              LightPeer peer = peers.get(ThreadLocalRandom.current().nextInt(peers.size()));
              Stream.of(peer.id(), "899999999")
                  .map(id ->
                      (Runnable) () -> heard.add(rig.requesting().askAt(node, id, Requesting.ONCE)))
                  .forEach(rig.threads()::execute);
              rig.pass(BETWEEN);
            }
          });
    }

    private void end() {
      closed = true;
    }

    @Override
    public void close() {
      end();
    }
  }
}
