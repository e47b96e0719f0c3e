package dev.rallypoint.loadtest.crowd;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Everything that servers said about who has an id, and the judge over it. An id belongs to the
 * first device that was told OK; that device may change its key. Times are {@code System.nanoTime}
 * values, each word a span from when it was asked for to when it came.
 */
public final class History {
  private final Map<String, List<Claim>> claims = new LinkedHashMap<>();
  private final List<Told> told = new ArrayList<>();

  /** A device sent its key; acknowledged when it was told OK. */
  private static final class Claim {
    private final String device;
    private final ByteString key;
    private final long sent;
    private boolean acknowledged;
    private long heard;

    private Claim(String device, ByteString key, long sent) {
      this.device = device;
      this.key = key;
      this.sent = sent;
    }
  }

  /** Somebody was told that an id has a key. */
  private record Told(String id, ByteString key, long asked, long heard) {}

  /**
   * A device claims an id; it may be stored from now on, acknowledged or not.
   *
   * @return what {@link #acknowledged} wants
   */
  public synchronized int claimed(String id, String device, ByteString key, long sent) {
    List<Claim> ofId = claims.computeIfAbsent(id, any -> new ArrayList<>());
    ofId.add(new Claim(device, key, sent));
    return ofId.size() - 1;
  }

  /** A claim was answered by OK. */
  public synchronized void acknowledged(String id, int claim, long heard) {
    Claim confirmed = claims.getOrDefault(id, List.of()).get(claim);
    confirmed.acknowledged = true;
    confirmed.heard = heard;
  }

  /** A requester was told a key; an empty one when it was sent to an address without any. */
  public synchronized void told(String id, ByteString key, long asked, long heard) {
    told.add(new Told(id, key, asked, heard));
  }

  /** How many times a requester was told a key, or told an address without one. */
  public synchronized int answers() {
    return told.size();
  }

  /** How many answers are judged. */
  public synchronized int size() {
    return told.size() + claims.values().stream().mapToInt(List::size).sum();
  }

  /** How many claims were acknowledged. */
  public synchronized long acknowledgements() {
    return claims.values().stream().flatMap(List::stream).filter(c -> c.acknowledged).count();
  }

  /** Each breach of the rule in words. */
  public synchronized List<String> violations() {
    List<String> found = new ArrayList<>();
    claims.forEach((id, ofId) -> {
      List<String> owners =
          ofId.stream().filter(c -> c.acknowledged).map(c -> c.device).distinct().toList();
      if (owners.size() > 1) {
        found.add(id + " was acknowledged to " + String.join(" and ", owners));
      }
    });
    for (Told word : told) {
      judge(word, claims.getOrDefault(word.id(), List.of()), found);
    }
    return found;
  }

  private static void judge(Told word, List<Claim> ofId, List<String> found) {
    if (word.key().isEmpty()) {
      found.add(word.id() + " was found without the server's word on its key");
      return;
    }
    List<Claim> possible =
        ofId.stream().filter(c -> c.key.equals(word.key()) && c.sent - word.heard() < 0).toList();
    if (possible.isEmpty()) {
      found.add(word.id() + " was said to have a key that nobody had sent");
      return;
    }
    List<Claim> certain =
        ofId.stream().filter(c -> c.acknowledged && c.heard - word.asked() < 0).toList();
    boolean isOthers =
        certain.stream().anyMatch(c -> possible.stream().noneMatch(p -> p.device.equals(c.device)));
    if (isOthers) {
      found.add(word.id() + " was said to have the key of a device that does not own it");
      return;
    }
    // The newest key that was certain before the question; older ones are no answer any more.
    boolean isStale =
        certain.stream()
            .anyMatch(c ->
                !c.key.equals(word.key())
                    && possible.stream().allMatch(p -> p.acknowledged && p.heard - c.sent < 0));
    if (isStale) {
      found.add(word.id() + " was said to have a key that its device had changed before");
    }
  }
}
