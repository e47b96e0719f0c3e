package dev.rallypoint.loadtest;

import dev.rallypoint.protocol.proto.RendezvousMessage;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;

/** The last messages a peer got from servers, for tests to look at. Safe for several threads. */
final class Heard {
  private static final int KEPT = 256;

  private final Queue<RendezvousMessage> messages = new ArrayDeque<>();

  synchronized void add(RendezvousMessage message) {
    if (messages.size() == KEPT) {
      messages.remove();
    }
    messages.add(message);
  }

  synchronized List<RendezvousMessage> messages() {
    return List.copyOf(messages);
  }
}
