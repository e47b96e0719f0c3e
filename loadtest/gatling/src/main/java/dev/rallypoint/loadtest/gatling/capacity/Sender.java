package dev.rallypoint.loadtest.gatling.capacity;

import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;

/** Sends the requests of one event loop when they are due, and late ones as soon as it can. */
final class Sender implements Runnable {
  /** So many are sent before answers are read again. */
  private static final int BATCH = 256;

  private final EventLoop loop;
  private final Arrivals arrivals;
  private final long until;
  private final int stride;
  private final Target target;
  private final StepRecord counts;
  private long next;

  /** Sends one request. */
  interface Target {
    void send(long due, StepRecord counts);
  }

  /**
   * A sender that has not begun.
   *
   * @param until requests due from then on are not sent
   * @param place which of the loops this is
   * @param stride how many loops there are
   */
  Sender(
      EventLoop loop,
      Arrivals arrivals,
      long until,
      int place,
      int stride,
      Target target,
      StepRecord counts) {
    this.loop = loop;
    this.arrivals = arrivals;
    this.until = until;
    this.next = place;
    this.stride = stride;
    this.target = target;
    this.counts = counts;
  }

  @Override
  public void run() {
    long now = System.nanoTime();
    for (int sent = 0; sent < BATCH; sent++) {
      long due = arrivals.due(next);
      if (due - until >= 0) {
        return;
      }
      if (due - now > 0) {
        loop.schedule(this, due - now, TimeUnit.NANOSECONDS);
        return;
      }
      next += stride;
      counts.sent(due);
      target.send(due, counts);
    }
    loop.execute(this);
  }
}
