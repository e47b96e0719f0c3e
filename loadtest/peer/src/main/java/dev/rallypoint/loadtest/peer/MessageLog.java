package dev.rallypoint.loadtest.peer;

import dev.rallypoint.protocol.proto.RendezvousMessage;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;

/** Keeps the last 256 messages that a peer received from servers. Safe for several threads. */
final class MessageLog {
  private static final int CAPACITY = 256;

  private final Queue<RendezvousMessage> messages = new ArrayDeque<>();

  synchronized void add(RendezvousMessage message) {
    if (messages.size() == CAPACITY) {
      messages.remove();
    }
    messages.add(message);
  }

  synchronized List<RendezvousMessage> messages() {
    return List.copyOf(messages);
  }
}
