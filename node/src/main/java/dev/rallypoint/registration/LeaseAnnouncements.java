package dev.rallypoint.registration;

import dev.rallypoint.protocol.identity.PeerId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The queue of the leases that are still to be announced: single ids, and a round through all ids,
 * which takes no memory. Not safe for several threads.
 */
final class LeaseAnnouncements {
  /** When more than these are queued, a round through all ids replaces them. */
  private static final int MAX_SINGLE = 100_000;

  private final Supplier<Iterator<PeerId>> all;
  private final Set<PeerId> single = new LinkedHashSet<>();
  private Iterator<PeerId> round = Collections.emptyIterator();

  LeaseAnnouncements(Supplier<Iterator<PeerId>> all) {
    this.all = all;
  }

  void add(PeerId id) {
    if (single.size() < MAX_SINGLE) {
      single.add(id);
    } else {
      single.clear();
      addAll();
    }
  }

  /** Starts a round through all ids; a round that is under way starts again. */
  void addAll() {
    round = all.get();
  }

  /** Takes the next ids out of the queue, single ones first. */
  List<PeerId> next(int most) {
    List<PeerId> next = new ArrayList<>(most);
    for (Iterator<PeerId> ids = single.iterator(); ids.hasNext() && next.size() < most; ) {
      next.add(ids.next());
      ids.remove();
    }
    while (round.hasNext() && next.size() < most) {
      next.add(round.next());
    }
    return next;
  }

  boolean isDone() {
    return single.isEmpty() && !round.hasNext();
  }
}
