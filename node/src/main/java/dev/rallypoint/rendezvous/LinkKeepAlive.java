package dev.rallypoint.rendezvous;

import dev.rallypoint.policy.KeepAlive;
import dev.rallypoint.transport.Link;
import java.util.random.RandomGenerator;

/**
 * The heartbeats of a connection that the client keeps open: the server sends an empty frame
 * regularly, the client answers it with an empty frame. It uses the connection's deadline. All
 * calls come from the connection's thread.
 */
final class LinkKeepAlive {
  private final KeepAlive rule;
  private final RandomGenerator random;
  private final ClientLink link;
  private int unanswered;

  /** Heartbeats that may still be answered. */
  private int open;

  /** Begins the heartbeats. */
  LinkKeepAlive(KeepAlive rule, RandomGenerator random, ClientLink link) {
    this.rule = rule;
    this.random = random;
    this.link = link;
    scheduleNext();
  }

  /** The client sent a frame, empty or not. */
  void onFrame() {
    unanswered = 0;
  }

  /** The client sent an empty frame; false when no heartbeat waits for its answer. */
  boolean onAnswer() {
    onFrame();
    open--;
    if (open < 0) {
      open = 0;
      return false;
    }
    return true;
  }

  /** The deadline passed: sends a heartbeat; false when too many are unanswered. */
  boolean sendHeartbeat() {
    if (unanswered == KeepAlive.MOST_UNANSWERED) {
      return false;
    }
    unanswered++;
    open++;
    link.ref().tell(new Link.SendFrame(new byte[0])); // never encrypted
    scheduleNext();
    return true;
  }

  private void scheduleNext() {
    link.deadline(rule.nextInterval(random));
  }
}
