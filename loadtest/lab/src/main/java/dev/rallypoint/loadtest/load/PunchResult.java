package dev.rallypoint.loadtest.load;

import com.google.protobuf.ByteString;
import java.time.Duration;

/**
 * The result of one punch hole request, as its requester saw it.
 *
 * @param target the id that was asked for
 * @param home the node that had acknowledged the target last when the request began, or 0
 * @param node the node that was asked; the last one when several were tried
 * @param begun when the request began, as {@code System.nanoTime}
 * @param took how long it took
 * @param outcome the kind of result
 * @param text the text of a refusal or failure; otherwise empty
 * @param key the key of the target as signed by the server; empty without a valid signature
 */
public record PunchResult(
    String target,
    int home,
    int node,
    long begun,
    Duration took,
    PunchOutcome outcome,
    String text,
    ByteString key) {
  /** A request that did not end, or could not begin, for this reason. */
  static PunchResult unfinished(String target, int home, long begun, String reason) {
    Duration took = Duration.ofNanos(System.nanoTime() - begun);
    return new PunchResult(
        target, home, 0, begun, took, PunchOutcome.UNFINISHED, reason, ByteString.EMPTY);
  }

  /** Whether the target was found. */
  public boolean isFound() {
    return outcome == PunchOutcome.FOUND;
  }

  /** When the request ended, as {@code System.nanoTime}. */
  public long ended() {
    return begun + took.toNanos();
  }
}
