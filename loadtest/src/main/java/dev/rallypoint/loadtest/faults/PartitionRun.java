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
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * R3: one node is cut off from the others, and healed. With two nodes nobody can say beforehand
 * which of them goes on; whichever does is the majority.
 */
final class PartitionRun implements FaultRun {
  private static final Duration GOAL = Duration.ofSeconds(20);
  private static final Duration LONGEST_CUT = Duration.ofSeconds(40);
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
    return List.of("registrations-per-id=1000");
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
    Contest contest =
        new Contest(FIRST_ID, 10, rig.nodes(), rig.requesting(), history, rig.threads());
    PunchLoad load = rig.load(() -> rig.crowd().peers());
    Map<Integer, Queue<Asked>> answers = new TreeMap<>();
    Watch watch = new Watch(rig, answers);
    rig.cluster().nodes().forEach(node -> watch.begin(node.number()));
    rig.pass(rig.scale().seconds(10, 3));

    long cut = System.nanoTime();
    partition.cut();
    rig.pass(rig.scale().seconds(60, 24));
    // A process that is late must not be taken for one that came back.
    boolean hasEnded = rig.await(LONGEST_CUT, () -> hasEnded(rig, cut));
    long healed = System.nanoTime();
    int loser = loser(rig, cut, partition.node());
    List<Member.End> ends =
        rig.cluster().node(loser).unaskedEnds().stream().filter(end -> end.at() - cut > 0).toList();
    partition.heal();
    boolean isBack = rig.cluster().node(loser).awaitReady(RETURN);
    Duration back = isBack ? Duration.ofNanos(System.nanoTime() - healed) : Spread.NEVER;
    boolean areAllReady = rig.cluster().nodes().stream().allMatch(node -> node.awaitReady(RETURN));
    rig.await(RETURN, () -> rig.crowd().acknowledgedSince(healed) == rig.crowd().peers().size());
    rig.pass(rig.scale().seconds(20, 3));
    watch.close();
    contest.close();
    Tally punches = new Tally(load.finish());

    card.tell(row, "the side that gave way", "node " + loser);
    card.atMost(
        row, "it last answered as authority after", last(answers, loser, cut, healed), GOAL);
    card.must(row, "its process ended by itself", hasEnded, codes(ends));
    if (!ends.isEmpty()) {
      Duration took = Duration.ofNanos(ends.getFirst().at() - cut);
      card.tell(row, "  after", Scorecard.seconds(took));
    }
    card.must(row, "its supervisor brought it back", isBack, Scorecard.seconds(back));
    card.must(row, "all nodes are ready after", areAllReady, areAllReady ? "yes" : "no");
    Tally elsewhere =
        punches
            .where(one -> one.begun() - cut > 0 && one.begun() - healed < 0)
            .where(one -> one.home() != loser && one.node() != loser);
    card.tell(row, "while cut: punches within the other side", elsewhere.size());
    card.tell(row, "  failed", elsewhere.failures());
    elsewhere.details(cut, 5).forEach(one -> card.tell(row, "    " + one, ""));
    card.must(row, "words on who has an id, judged", history.size() > 0, history.size());
    List<String> violations = history.violations();
    card.atMost(row, "breaches of the rule on keys", violations.size(), 0);
    violations.stream().limit(5).forEach(v -> card.tell(row, "  " + v, ""));
    Agreement.of(rig, compared(rig)).show(card, row);
  }

  private static boolean hasEnded(Rig rig, long cut) {
    return rig.cluster().nodes().stream()
        .anyMatch(node -> node.unaskedEnds().stream().anyMatch(end -> end.at() - cut > 0));
  }

  /** The node whose process ended; the one that was cut off, when none did. */
  private static int loser(Rig rig, long cut, int otherwise) {
    return rig.cluster().nodes().stream()
        .filter(node -> node.unaskedEnds().stream().anyMatch(end -> end.at() - cut > 0))
        .map(Member::number)
        .findFirst()
        .orElse(otherwise);
  }

  private static String codes(List<Member.End> ends) {
    return ends.isEmpty()
        ? "no"
        : "codes "
            + ends.stream().map(end -> String.valueOf(end.code())).collect(Collectors.joining(" "));
  }

  private static Duration last(
      Map<Integer, Queue<Asked>> answers, int node, long cut, long healed) {
    return answers.get(node).stream()
        .filter(one -> one.outcome().isAuthority())
        .map(one -> one.begun() + one.took().toNanos())
        .filter(at -> at - cut > 0 && at - healed < 0)
        .map(at -> Duration.ofNanos(at - cut))
        .max(Duration::compareTo)
        .orElse(Duration.ZERO);
  }

  private static List<String> compared(Rig rig) {
    return rig.crowd().peers().stream().limit(COMPARED).map(LightPeer::id).toList();
  }

  /** Asks each node, and it alone, for peers and for ids that nobody has. */
  private static final class Watch implements AutoCloseable {
    private static final Duration BETWEEN = Duration.ofMillis(250);

    private final Rig rig;
    private final Map<Integer, Queue<Asked>> answers;
    private volatile boolean closed;

    private Watch(Rig rig, Map<Integer, Queue<Asked>> answers) {
      this.rig = rig;
      this.answers = answers;
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

    @Override
    public void close() {
      closed = true;
    }
  }
}
