package dev.rallypoint.rendezvous;

import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.PeerId;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** The last punch requests, for the console's {@code punch-requests}. Safe for all threads. */
final class PunchLog {
  private static final int MAX = 1_000;

  private final Deque<Entry> entries = new ArrayDeque<>();

  /** A requester asked for a target. */
  record Entry(Instant at, PeerAddress requester, PeerId target, String outcome) {}

  synchronized void add(Entry entry) {
    if (entries.size() == MAX) {
      entries.removeLast();
    }
    entries.addFirst(entry);
  }

  /** The newest first, at most so many. */
  synchronized List<Entry> newest(int most) {
    return new ArrayList<>(entries.stream().limit(most).toList());
  }

  synchronized void clear() {
    entries.clear();
  }
}
