package dev.rallypoint.loadtest.crowd;

import com.google.protobuf.ByteString;
import java.time.Duration;

/**
 * One punch as a requester saw it.
 *
 * @param target the id
 * @param home where the target was at home when it began, or 0
 * @param node that was asked, the last one when it had to go on to another
 * @param begun as {@code System.nanoTime}
 * @param took how long
 * @param outcome what came of it
 * @param words of a refusal; empty without
 * @param key the target's key by the server's signed word; empty without
 */
public record Asked(
    String target,
    int home,
    int node,
    long begun,
    Duration took,
    Outcome outcome,
    String words,
    ByteString key) {

  /** One that came to no end, in these words. */
  static Asked unfinished(String target, int home, long begun, String words) {
    Duration took = Duration.ofNanos(System.nanoTime() - begun);
    return new Asked(target, home, 0, begun, took, Outcome.UNFINISHED, words, ByteString.EMPTY);
  }

  /** Whether the target was found. */
  public boolean isFound() {
    return outcome == Outcome.FOUND;
  }
}
