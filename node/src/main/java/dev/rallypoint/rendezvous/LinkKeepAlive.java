package dev.rallypoint.rendezvous;

import dev.rallypoint.policy.KeepAlive;
import dev.rallypoint.transport.Link;
import java.util.random.RandomGenerator;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Keeps a link alive that would else be silent: sends an empty frame regularly, to which the client
 * sends one back, and sees when none comes. An empty frame is never encrypted. Takes over the
 * link's deadline.
 */
final class LinkKeepAlive {
  private static final byte[] BEAT = {};

  private final KeepAlive rule;
  private final RandomGenerator random;
  private final ActorRef<Object> link;
  private int unanswered;

  private LinkKeepAlive(KeepAlive rule, RandomGenerator random, ActorRef<Object> link) {
    this.rule = rule;
    this.random = random;
    this.link = link;
  }

  /** Begins on a link. */
  static LinkKeepAlive of(KeepAlive rule, RandomGenerator random, ActorRef<Object> link) {
    LinkKeepAlive pulse = new LinkKeepAlive(rule, random, link);
    pulse.scheduleNext();
    return pulse;
  }

  /** A frame came, be it empty or not. */
  void onFrame() {
    unanswered = 0;
  }

  /** The deadline passed; false when the client has not answered for too long. */
  boolean beat() {
    if (unanswered == KeepAlive.MOST_UNANSWERED) {
      return false;
    }
    unanswered++;
    link.tell(new Link.SendFrame(BEAT));
    scheduleNext();
    return true;
  }

  private void scheduleNext() {
    link.tell(new Link.SetDeadline(rule.nextBeat(random)));
  }
}
