package dev.rallypoint.loadtest.gatling.link;

import dev.rallypoint.loadtest.gatling.link.DeadlineQueue.Deadline;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The time limits of one event loop: one queue, one timer for all of them, which stands still while
 * there are none. A limit may be found over {@link #TICK_MILLIS} late. Used on its loop only.
 */
public final class LoopTimer {
  private static final long TICK_MILLIS = 20;

  private final EventLoop loop;
  private final Consumer<RuntimeException> onError;
  private final DeadlineQueue queue = new DeadlineQueue();
  private boolean ticking;

  LoopTimer(EventLoop loop, Consumer<RuntimeException> onError) {
    this.loop = loop;
    this.onError = onError;
  }

  /** Does something after a time, unless it is cancelled before. */
  public Deadline after(Duration delay, Runnable action) {
    Deadline deadline = queue.add(System.nanoTime() + delay.toNanos(), action);
    if (!ticking) {
      ticking = true;
      scheduleTick();
    }
    return deadline;
  }

  private void scheduleTick() {
    loop.schedule(this::tick, TICK_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void tick() {
    queue.expire(System.nanoTime(), this::run);
    if (queue.isEmpty()) {
      ticking = false;
    } else {
      scheduleTick();
    }
  }

  private void run(Runnable action) {
    try {
      action.run();
    } catch (RuntimeException e) {
      onError.accept(e);
    }
  }
}
