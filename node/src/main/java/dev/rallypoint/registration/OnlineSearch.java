package dev.rallypoint.registration;

import dev.rallypoint.cluster.OtherNodes;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.metrics.Hop;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.registration.LeaseResponder.OnlineHere;
import dev.rallypoint.time.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;

/**
 * Finds out which of many ids are online: this node's lease book first, then one question about the
 * rest to each other node. It asks no entity, so an id that nobody has costs no look into the
 * database. Safe for all threads.
 */
final class OnlineSearch {
  private static final Duration PATIENCE = Duration.ofMillis(800);
  private static final int MAX_QUERIES = 200;

  /** Characters of ids in one message; it must fit into a frame between nodes (256 KiB). */
  private static final int MAX_CHARACTERS = 60_000;

  private final OtherNodes nodes;
  private final LeaseBook leases;
  private final Counters counters;
  private final Ticker clock;
  private final Semaphore queries = new Semaphore(MAX_QUERIES);

  OnlineSearch(OtherNodes nodes, LeaseBook leases, Counters counters, Ticker clock) {
    this.nodes = nodes;
    this.leases = leases;
    this.counters = counters;
    this.clock = clock;
  }

  /** Some of the ids, with their places in the whole list. */
  private record Part(List<String> ids, List<Integer> places) {}

  /**
   * The places of those that are online. Peers of a node that does not answer in time count as
   * offline, and all peers of other nodes when too many searches are under way.
   */
  CompletionStage<BitSet> online(List<String> ids) {
    BitSet here = leases.online(ids, clock.millis());
    int others = nodes.count();
    List<Part> parts = others == 0 ? List.of() : partsWithout(here, ids);
    if (parts.isEmpty()) {
      return CompletableFuture.completedStage(here);
    }
    if (!queries.tryAcquire()) {
      counters.dropped(DropReason.DIRECTORY_BUSY);
      return CompletableFuture.completedStage(here);
    }
    counters.hop(Hop.ONLINE_QUERY, others * parts.size());
    CompletionStage<BitSet> all = CompletableFuture.completedStage(here);
    for (Part part : parts) {
      all = all.thenCombine(elsewhere(part), OnlineSearch::union);
    }
    return all.whenComplete((done, failure) -> queries.release());
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

  private CompletionStage<BitSet> elsewhere(Part part) {
    return nodes
        .<LeaseResponder.Command, OnlineHere>ask(
            LeaseResponder.NAME,
            replyTo -> new LeaseResponder.FindOnline(part.ids, replyTo),
            PATIENCE,
            answer -> false)
        .thenApply(answers -> {
          BitSet found = new BitSet();
          for (OnlineHere answer : answers.values()) {
            BitSet.valueOf(answer.places().toByteArray()).stream()
                .filter(i -> i < part.places.size())
                .forEach(i -> found.set(part.places.get(i)));
          }
          return found;
        });
  }

  private static BitSet union(BitSet one, BitSet other) {
    BitSet both = (BitSet) one.clone();
    both.or(other);
    return both;
  }
}
