package dev.rallypoint.registration;

import dev.rallypoint.cluster.GatheredQuestions;
import dev.rallypoint.cluster.OtherNodes;
import dev.rallypoint.cluster.OtherNodes.Answers;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.metrics.Hop;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.registration.LeaseResponder.LeaseHere;
import dev.rallypoint.registration.LeaseResponder.OnlineHere;
import dev.rallypoint.time.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The homes of a cluster: this node's own lease book, and the {@link LeaseResponder}s of the other
 * nodes. A question costs one message to each other node, and asks no entity. When all peers come
 * back at once, hundreds of ids share one: the nodes say which of them are online there, and only
 * the leases of those are asked for. Safe for all threads.
 */
final class ClusterHomes implements Homes {
  private static final Duration FIND_TIMEOUT = Duration.ofMillis(500);
  private static final int MAX_FINDS = 2_000;

  /** So many questions for leases go out one by one; more are gathered. */
  private static final int FINDS_UNDER_WAY = 16;

  /** Ids in one message, of at most 100 characters each: see {@link #MAX_CHARACTERS}. */
  private static final int FINDS_TOGETHER = 500;

  private static final Duration SEARCH_TIMEOUT = Duration.ofMillis(800);
  private static final int MAX_SEARCHES = 200;

  /** Characters of ids in one message; it must fit into a frame between nodes (256 KiB). */
  private static final int MAX_CHARACTERS = 60_000;

  private final OtherNodes nodes;
  private final LeaseBook leases;
  private final Counters counters;
  private final Ticker clock;
  private final Semaphore finds = new Semaphore(MAX_FINDS);
  private final GatheredQuestions<PeerId, Answers<LeaseHere>> gathered =
      new GatheredQuestions<>(
          FINDS_UNDER_WAY, FINDS_TOGETHER, this::askForLease, this::askForLeases);
  private final Semaphore searches = new Semaphore(MAX_SEARCHES);

  ClusterHomes(OtherNodes nodes, LeaseBook leases, Counters counters, Ticker clock) {
    this.nodes = nodes;
    this.leases = leases;
    this.counters = counters;
    this.clock = clock;
  }

  /** Some of the ids of a search, with their places in the whole list. */
  private record Part(List<String> ids, List<Integer> places) {
    BitSet add(BitSet online, Answers<OnlineHere> answers) {
      for (OnlineHere answer : answers.values()) {
        BitSet.valueOf(answer.places().toByteArray()).stream()
            .filter(i -> i < places.size())
            .forEach(i -> online.set(places.get(i)));
      }
      return online;
    }
  }

  @Override
  public CompletionStage<Found> findLeases(PeerId id) {
    Stream<Lease> here = leases.find(id, clock.millis()).stream();
    int others = nodes.count();
    if (others == 0) {
      return CompletableFuture.completedStage(Found.of(here, true));
    }
    if (!begins(finds)) {
      return CompletableFuture.failedStage(new RejectedExecutionException("too many queries"));
    }
    return gathered
        .ask(id)
        .whenComplete((done, failure) -> finds.release())
        .thenApply(all -> {
          Stream<Lease> there =
              all.values().stream().map(LeaseHere::lease).filter(Objects::nonNull);
          return Found.of(Stream.concat(here, there), all.isComplete());
        });
  }

  private CompletionStage<Answers<LeaseHere>> askForLease(PeerId id) {
    counters.hop(Hop.LEASE_QUERY, nodes.count());
    return nodes.ask(
        LeaseResponder.NAME,
        replyTo -> new LeaseResponder.FindLease(id, replyTo),
        FIND_TIMEOUT,
        answer -> answer.lease() != null);
  }

  private CompletionStage<List<Answers<LeaseHere>>> askForLeases(List<PeerId> ids) {
    counters.hop(Hop.LEASE_QUERY, nodes.count());
    List<String> names = ids.stream().map(PeerId::value).toList();
    return nodes
        .<LeaseResponder.Command, OnlineHere>ask(
            LeaseResponder.NAME,
            replyTo -> new LeaseResponder.FindOnline(names, replyTo),
            FIND_TIMEOUT,
            answer -> false)
        .thenCompose(all -> leasesOf(ids, all));
  }

  /** Asks for the leases of those that are online somewhere; the others have none. */
  private CompletionStage<List<Answers<LeaseHere>>> leasesOf(
      List<PeerId> ids, Answers<OnlineHere> all) {
    BitSet online = new BitSet();
    all.values().forEach(answer -> online.or(BitSet.valueOf(answer.places().toByteArray())));
    Answers<LeaseHere> none = new Answers<>(List.of(), all.isComplete());
    List<CompletableFuture<Answers<LeaseHere>>> answers =
        IntStream.range(0, ids.size())
            .mapToObj(place ->
                online.get(place)
                    ? askForLease(ids.get(place)).toCompletableFuture()
                    : CompletableFuture.completedFuture(none))
            .toList();
    return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
        .thenApply(done -> answers.stream().map(CompletableFuture::resultNow).toList());
  }

  /**
   * The places of those ids that are online. Peers of a node that does not answer in time count as
   * offline, and all peers of other nodes when too many searches are under way.
   */
  CompletionStage<BitSet> online(List<String> ids) {
    BitSet here = leases.online(ids, clock.millis());
    int others = nodes.count();
    List<Part> parts = others == 0 ? List.of() : partsWithout(here, ids);
    if (parts.isEmpty() || !begins(searches)) {
      return CompletableFuture.completedStage(here);
    }
    counters.hop(Hop.ONLINE_QUERY, others * parts.size());
    CompletionStage<BitSet> all = CompletableFuture.completedStage(here);
    for (Part part : parts) {
      all = all.thenCombine(ask(part), part::add);
    }
    return all.whenComplete((done, failure) -> searches.release());
  }

  @Override
  public boolean isGone(long node) {
    return nodes.isRemoved(node);
  }

  @Override
  public void revoke(Home home, PeerId id, long epoch) {
    counters.hop(Hop.REVOKED);
    nodes.tell(home.node(), LeaseResponder.NAME, new LeaseResponder.Revoked(id, epoch));
  }

  @Override
  public void requestAnnouncement(Home home, PeerId id) {
    counters.hop(Hop.ANNOUNCE_REQUEST);
    nodes.tell(home.node(), LeaseResponder.NAME, new LeaseResponder.AnnounceRequest(id));
  }

  private boolean begins(Semaphore underWay) {
    boolean isAdmitted = underWay.tryAcquire();
    if (!isAdmitted) {
      counters.dropped(DropReason.DIRECTORY_BUSY);
    }
    return isAdmitted;
  }

  private static List<Part> partsWithout(BitSet online, List<String> ids) {
    List<Part> parts = new ArrayList<>();
    int characters = MAX_CHARACTERS;
    for (int place = 0; place < ids.size(); place++) {
      String id = ids.get(place);
      if (online.get(place) || PeerId.parse(id).filter(PeerId::isRegistrable).isEmpty()) {
        continue;
      }
      characters += id.length() + 2;
      if (characters > MAX_CHARACTERS) {
        parts.add(new Part(new ArrayList<>(), new ArrayList<>()));
        characters = id.length() + 2;
      }
      parts.getLast().ids.add(id);
      parts.getLast().places.add(place);
    }
    return parts;
  }

  private CompletionStage<Answers<OnlineHere>> ask(Part part) {
    return nodes.<LeaseResponder.Command, OnlineHere>ask(
        LeaseResponder.NAME,
        replyTo -> new LeaseResponder.FindOnline(part.ids, replyTo),
        SEARCH_TIMEOUT,
        answer -> false);
  }
}
