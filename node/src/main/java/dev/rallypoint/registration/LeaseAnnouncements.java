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
 * Whose leases are still to be announced: single ids, and a round through all of them, which holds
 * no list of its own. Belongs to one actor.
 */
final class LeaseAnnouncements {
  /** More than these are a round. */
  private static final int MOST_SINGLE = 100_000;

  private final Supplier<Iterator<PeerId>> all;
  private final Set<PeerId> single = new LinkedHashSet<>();
  private Iterator<PeerId> round = Collections.emptyIterator();

  LeaseAnnouncements(Supplier<Iterator<PeerId>> all) {
    this.all = all;
  }

  void add(PeerId id) {
    if (single.size() < MOST_SINGLE) {
      single.add(id);
    } else {
      single.clear();
      addAll();
    }
  }

  /** Begins a round; one that is under way begins anew. */
  void addAll() {
    round = all.get();
  }

  /** The next ones, which are then done. */
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
