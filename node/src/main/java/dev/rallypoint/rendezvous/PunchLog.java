package dev.rallypoint.rendezvous;

import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.PeerId;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/**
 * The last 1,000 punch requests, for the console's {@code punch-requests}. Safe for all threads.
 */
final class PunchLog {
  private static final int MAX = 1_000;

  private final Deque<Entry> entries = new ArrayDeque<>();

  /**
   * A requester asked for a target.
   *
   * @param outcome {@code asked}, or why the request was refused
   */
  record Entry(Instant at, PeerAddress requester, PeerId target, String outcome) {}

  synchronized void add(Entry entry) {
    if (entries.size() == MAX) {
      entries.removeLast();
    }
    entries.addFirst(entry);
  }

  /** At most so many of them, the newest first. */
  synchronized List<Entry> newest(int limit) {
    return entries.stream().limit(limit).toList();
  }

  synchronized void clear() {
    entries.clear();
  }
}
