package dev.rallypoint.relay.loop;

import dev.rallypoint.metrics.Event;
import dev.rallypoint.relay.conduit.ConduitPool;
import dev.rallypoint.relay.session.EndReason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread with a selector, on which everything happens that concerns its connections. It wakes for
 * sockets, for tasks from other threads, for its wheel's deadlines and for its throttle. Methods
 * are for its own thread, except where they say otherwise.
 */
public final class RelayLoop {
  private static final Logger LOG = LoggerFactory.getLogger(RelayLoop.class);
  private static final String RELAYED = "a relayed connection";
  private static final long WHEEL_MILLIS = TimeUnit.NANOSECONDS.toMillis(DeadlineWheel.TICK);

  /** Bytes of {@link #scratch}. */
  public static final int SCRATCH = 256 * 1024;

  private final RelayContext context;
  private final Consumer<Throwable> onLost;
  private final Selector selector;
  private final Thread thread;
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final CompletableFuture<Void> stopped = new CompletableFuture<>();
  private final AtomicInteger sessions = new AtomicInteger();
  private final DeadlineWheel wheel;
  private final Throttle throttle;
  private final ConduitPool conduits;
  private final ByteBuffer scratch = ByteBuffer.allocateDirect(SCRATCH);
  private volatile boolean isStopping;
  private long relayed;
  private long relayedOverBackhaul;

  /** A connection that is registered with the loop's selector. */
  public interface Attachment {
    /** Its socket has bytes, or its end. */
    void onReadable(long now);

    /** Its socket takes bytes again. */
    void onWritable(long now);

    /** Ends what it is part of and closes it; on its loop. */
    void closeHere(EndReason reason);
  }

  /** Made by the engine; {@code onLost} takes the fault that ended the loop, if one does. */
  public RelayLoop(
      int number,
      RelayContext context,
      Throttle throttle,
      ConduitPool conduits,
      Consumer<Throwable> onLost) {
    this.context = context;
    this.onLost = onLost;
    this.throttle = throttle;
    this.conduits = conduits;
    this.wheel = new DeadlineWheel(context.now());
    try {
      this.selector = Selector.open();
    } catch (IOException e) {
      throw new UncheckedIOException("no selector for the relay", e);
    }
    this.thread = Thread.ofPlatform().daemon().name("relay-loop-" + number).unstarted(this::run);
  }

  /** Starts the thread; once. */
  public void start() {
    thread.start();
  }

  /** Closes all connections and ends; for any thread. */
  public void stop() {
    isStopping = true;
    selector.wakeup();
  }

  /** Complete when the loop has ended; for any thread. */
  public CompletionStage<Void> stopped() {
    return stopped;
  }

  /** Runs a task on this loop, soon; for any thread. */
  public void execute(Runnable task) {
    tasks.add(task);
    if (stopped.isDone()) {
      runTasks(); // the thread has ended; such tasks only close things
    } else if (Thread.currentThread() != thread) {
      selector.wakeup();
    }
  }

  /** How many sessions are on this loop or on their way to it; for any thread. */
  public AtomicInteger sessions() {
    return sessions;
  }

  /** Whether it was told to stop, or has ended; for any thread. */
  public boolean isStopping() {
    return isStopping;
  }

  /** What all connections have in common; for any thread. */
  public RelayContext context() {
    return context;
  }

  Selector selector() {
    return selector;
  }

  /** The deadlines of its connections and sessions. */
  public DeadlineWheel wheel() {
    return wheel;
  }

  /** Holds its sessions to their caps. */
  public Throttle throttle() {
    return throttle;
  }

  /** What its sessions move bytes with. */
  public ConduitPool conduits() {
    return conduits;
  }

  /** An empty buffer for one read. */
  public ByteBuffer scratch() {
    return scratch.clear();
  }

  /** Counts relayed bytes; they reach the counters once a round. */
  public void onRelayed(int bytes, boolean isOverBackhaul) {
    relayed += bytes;
    relayedOverBackhaul += isOverBackhaul ? bytes : 0;
  }

  private void run() {
    Throwable fault = null;
    try {
      while (!isStopping) {
        select();
        long now = context.now();
        Set<SelectionKey> ready = selector.selectedKeys();
        for (SelectionKey key : ready) {
          onReady(key, now);
        }
        ready.clear();
        runTasks();
        wheel.advance(now, context.faults());
        throttle.resume(now);
        conduits.resume(now);
        flushMeter();
      }
    } catch (IOException | RuntimeException | Error e) {
      // A JVM error may have left anything half done here.
      fault = e;
    } finally {
      isStopping = true;
      if (fault != null) {
        Throwable why = fault;
        closing(() -> onLost.accept(why));
      }
      try {
        end();
      } finally {
        stopped.complete(null);
      }
    }
  }

  private void select() throws IOException {
    Long parked = throttle.untilNext(context.now());
    long wait = wheel.isEmpty() ? 0 : WHEEL_MILLIS;
    if (parked != null) {
      long millis = Math.max(1, TimeUnit.NANOSECONDS.toMillis(parked));
      wait = wait == 0 ? millis : Math.min(wait, millis);
    }
    if (tasks.isEmpty() && !isStopping && !conduits.isReady()) {
      selector.select(wait);
    } else {
      selector.selectNow();
    }
  }

  private void onReady(SelectionKey key, long now) {
    Attachment connection = (Attachment) key.attachment();
    try {
      // One event may close the connection, or its partner, whose key is no longer valid then.
      if (key.isValid() && key.isReadable()) {
        connection.onReadable(now);
      }
      if (key.isValid() && key.isWritable()) {
        connection.onWritable(now);
      }
    } catch (RuntimeException e) {
      context.faults().onFault(RELAYED, e);
      closeFailed(connection);
    } catch (OutOfMemoryError e) {
      context.faults().onFault(RELAYED, e);
      closeFailed(connection);
    }
  }

  private void closeFailed(Attachment connection) {
    context.faults().isDone(RELAYED, () -> connection.closeHere(EndReason.RESET));
  }

  /** Runs a step of one leg or session, which is ended when the step fails. */
  public void guarded(Runnable step, Runnable end) {
    if (!context.faults().isDone(RELAYED, step)) {
      context.faults().isDone(RELAYED, end);
    }
  }

  private void runTasks() {
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      context.faults().isDone("a task of a relay loop", task);
    }
  }

  /** At the end nothing keeps the rest from being closed. */
  private static void closing(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | Error e) {
      LOG.debug("a fault in a relay loop that ends", e);
    }
  }

  private void flushMeter() {
    if (relayed > 0) {
      context.counters().count(Event.RELAY_BYTES, relayed);
      relayed = 0;
    }
    if (relayedOverBackhaul > 0) {
      context.counters().count(Event.BACKHAUL_BYTES, relayedOverBackhaul);
      relayedOverBackhaul = 0;
    }
  }

  private void end() {
    closeTasks();
    for (SelectionKey key : List.copyOf(selector.keys())) {
      closing(() -> ((Attachment) key.attachment()).closeHere(EndReason.STOPPED));
    }
    flushMeter();
    conduits.close();
    try {
      selector.close();
    } catch (IOException e) {
      LOG.debug("closing a selector", e);
    }
    stopped.complete(null);
    closeTasks();
  }

  private void closeTasks() {
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      closing(task);
    }
  }
}
