package dev.rallypoint.loadtest.gatling.link;

import dev.rallypoint.protocol.address.PeerAddress;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;

/**
 * When the questions that are under way were sent, by the own address of each. A push names the
 * address of its requester: where that is a simulated client of this JVM, the time of the way
 * through the server is known. Safe for several threads; holds no more than there are connections.
 */
public final class OpenQuestions {
  private final ConcurrentHashMap<PeerAddress, Long> sentAt = new ConcurrentHashMap<>();

  /** A question leaves from this address now. */
  public void sent(PeerAddress from) {
    sentAt.put(from, System.nanoTime());
  }

  /** The question from this address has ended. */
  public void ended(PeerAddress from) {
    sentAt.remove(from);
  }

  /** When the question from this address left, as {@code System.nanoTime}. */
  public OptionalLong sentAt(PeerAddress from) {
    Long known = sentAt.get(from);
    return known == null ? OptionalLong.empty() : OptionalLong.of(known);
  }
}
