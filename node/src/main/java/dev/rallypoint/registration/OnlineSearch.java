package dev.rallypoint.registration;

import com.google.protobuf.ByteString;
import dev.rallypoint.cluster.OtherNodes;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.metrics.Hop;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.time.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Which of many ids are online: this node's lease book first, and of the rest one question to each
 * other node. Lease books know, so an id that nobody has costs no entity and no look into the
 * database. Safe for all threads.
 */
final class OnlineSearch {
  private static final Duration PATIENCE = Duration.ofMillis(800);
  private static final int MOST_UNDER_WAY = 200;

  /** Characters of ids in one message; it must fit into a frame between nodes (256 KiB). */
  private static final int MOST_CHARACTERS = 60_000;

  private final OtherNodes neighbours;
  private final LeaseBook leases;
  private final Counters counters;
  private final Ticker clock;
  private final AtomicInteger underWay = new AtomicInteger();

  OnlineSearch(OtherNodes neighbours, LeaseBook leases, Counters counters, Ticker clock) {
    this.neighbours = neighbours;
    this.leases = leases;
    this.counters = counters;
    this.clock = clock;
  }

  /** Some of the ids, with their places in the whole list. */
  private record Part(List<String> ids, List<Integer> places) {}

  /** The places of those that are online; who does not answer in time has none of them. */
  CompletionStage<BitSet> online(List<String> ids) {
    BitSet online = here(leases, ids, clock.millis());
    int others = neighbours.count();
    if (others == 0) {
      return CompletableFuture.completedStage(online);
    }
    List<Part> parts = others(ids, online);
    if (parts.isEmpty()) {
      return CompletableFuture.completedStage(online);
    }
    if (underWay.incrementAndGet() > MOST_UNDER_WAY) {
      underWay.decrementAndGet();
      counters.dropped(DropReason.DIRECTORY_BUSY);
      return CompletableFuture.completedStage(online);
    }
    counters.hop(Hop.ONLINE_QUERY, others * parts.size());
    CompletionStage<BitSet> all = CompletableFuture.completedStage(online);
    for (Part part : parts) {
      all = all.thenCombine(elsewhere(part), OnlineSearch::union);
    }
    return all.whenComplete((done, failure) -> underWay.decrementAndGet());
  }

  /** The places of those that are at home on this node. */
  static BitSet here(LeaseBook leases, List<String> ids, long now) {
    BitSet online = new BitSet(ids.size());
    for (int place = 0; place < ids.size(); place++) {
      if (PeerId.parse(ids.get(place)).filter(id -> leases.isOnline(id, now)).isPresent()) {
        online.set(place);
      }
    }
    return online;
  }

  private static List<Part> others(List<String> ids, BitSet online) {
    List<Part> parts = new ArrayList<>();
    int characters = MOST_CHARACTERS;
    for (int place = 0; place < ids.size(); place++) {
      String id = ids.get(place);
      if (online.get(place) || PeerId.parse(id).filter(PeerId::isRegistrable).isEmpty()) {
        continue;
      }
      characters += id.length() + 2;
      if (characters > MOST_CHARACTERS) {
        parts.add(new Part(new ArrayList<>(), new ArrayList<>()));
        characters = id.length() + 2;
      }
      parts.getLast().ids.add(id);
      parts.getLast().places.add(place);
    }
    return parts;
  }

  private CompletionStage<BitSet> elsewhere(Part part) {
    return neighbours
        .<LeaseResponder.Command, LeaseResponder.OnlineHere>ask(
            LeaseResponder.NAME,
            replyTo -> new LeaseResponder.WhoIsOnline(part.ids, replyTo),
            PATIENCE,
            answer -> false)
        .thenApply(answers -> {
          BitSet found = new BitSet();
          for (LeaseResponder.OnlineHere answer : answers.values()) {
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

  static ByteString bytes(BitSet places) {
    return ByteString.copyFrom(places.toByteArray());
  }
}
