package dev.rallypoint.relay.splice;

import dev.rallypoint.config.RelaySettings;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.policy.SpeedLimits;
import dev.rallypoint.relay.conduit.ConduitPool;
import dev.rallypoint.relay.session.EndReason;
import dev.rallypoint.transport.FrameMemory;
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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread with a selector: everything its legs do happens here, in turn. It wakes for sockets,
 * for tasks from other threads, for its wheel and for parked directions.
 */
final class SpliceLoop {
  private static final Logger LOG = LoggerFactory.getLogger(SpliceLoop.class);
  private static final long WHEEL_MILLIS = TimeUnit.NANOSECONDS.toMillis(DeadlineWheel.TICK);

  private final SpliceEngine engine;
  private final Selector selector;
  private final Thread thread;
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final CompletableFuture<Void> stopped = new CompletableFuture<>();
  private final AtomicInteger pairs = new AtomicInteger();
  private final DeadlineWheel wheel;
  private final Throttle throttle;
  private final ConduitPool conduits;
  private final ByteBuffer scratch = ByteBuffer.allocateDirect(AwaitingPartner.MAX_EARLY);
  private volatile boolean isStopping;
  private long moved;
  private long movedOverBackhaul;

  SpliceLoop(SpliceEngine engine, int number, Throttle throttle, ConduitPool conduits) {
    this.engine = engine;
    this.throttle = throttle;
    this.conduits = conduits;
    this.wheel = new DeadlineWheel(engine.now());
    try {
      this.selector = Selector.open();
    } catch (IOException e) {
      throw new UncheckedIOException("no selector for the relay", e);
    }
    this.thread = Thread.ofPlatform().daemon().name("relay-loop-" + number).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** Closes all legs and ends; from any thread. */
  void stop() {
    isStopping = true;
    selector.wakeup();
  }

  CompletionStage<Void> stopped() {
    return stopped;
  }

  /** Runs a task on this loop, soon; from any thread. */
  void execute(Runnable task) {
    tasks.add(task);
    if (stopped.isDone()) {
      runTasks(); // nobody else will; tasks of a stopped loop only close things
    } else if (Thread.currentThread() != thread) {
      selector.wakeup();
    }
  }

  /** Sessions on this loop or on their way to it. */
  AtomicInteger pairs() {
    return pairs;
  }

  boolean isStopping() {
    return isStopping;
  }

  Selector selector() {
    return selector;
  }

  DeadlineWheel wheel() {
    return wheel;
  }

  Throttle throttle() {
    return throttle;
  }

  ConduitPool conduits() {
    return conduits;
  }

  /** An empty buffer for one read. */
  ByteBuffer scratch() {
    return scratch.clear();
  }

  RelaySettings settings() {
    return engine.settings();
  }

  RelayHandshake handshake() {
    return engine.handshake();
  }

  /** The commands of the text console. */
  Set<String> commands() {
    return engine.commands();
  }

  SpeedLimits speeds() {
    return engine.rules().speeds();
  }

  Counters counters() {
    return engine.counters();
  }

  FrameMemory memory() {
    return engine.memory();
  }

  LegListener events() {
    return engine.events();
  }

  /** Counts relayed bytes; they reach the counters once a round. */
  void moved(int bytes, boolean isOverBackhaul) {
    moved += bytes;
    movedOverBackhaul += isOverBackhaul ? bytes : 0;
  }

  void onRefused(Leg leg, RelayHandshake.Verdict.Refused refused, long now) {
    if (refused.reason() == DropReason.ACCESS_KEY) {
      engine.warnOfKey(leg.address(), refused.shown(), now);
    }
  }

  void onEnded(SplicedSession pair, EndReason reason) {
    pairs.decrementAndGet();
    engine.onEnded(pair, reason);
  }

  private void run() {
    Throwable fault = null;
    try {
      while (!isStopping) {
        select();
        long now = engine.now();
        Set<SelectionKey> ready = selector.selectedKeys();
        for (SelectionKey key : ready) {
          onReady(key, now);
        }
        ready.clear();
        runTasks();
        wheel.advance(now, engine.faults());
        throttle.resume(now);
        flushMeter();
      }
    } catch (IOException | RuntimeException | Error e) {
      // An error of Java's own may have left anything half done here.
      fault = e;
    } finally {
      isStopping = true;
      if (fault != null) {
        Throwable why = fault;
        closing(() -> engine.events().onLoopLost(why));
      }
      try {
        end();
      } finally {
        stopped.complete(null);
      }
    }
  }

  private void select() throws IOException {
    Long parked = throttle.untilNext(engine.now());
    long wait = wheel.isEmpty() ? 0 : WHEEL_MILLIS;
    if (parked != null) {
      long millis = Math.max(1, TimeUnit.NANOSECONDS.toMillis(parked));
      wait = wait == 0 ? millis : Math.min(wait, millis);
    }
    if (tasks.isEmpty() && !isStopping) {
      selector.select(wait);
    } else {
      selector.selectNow();
    }
  }

  private void onReady(SelectionKey key, long now) {
    Leg leg = (Leg) key.attachment();
    guarded(
        () -> {
          // One event may close the leg, or its partner, whose key is then no longer valid.
          if (key.isValid() && key.isReadable()) {
            phase(leg).onReadable(leg, now);
          }
          if (key.isValid() && key.isWritable()) {
            phase(leg).onWritable(leg, now);
          }
        },
        () -> leg.abandon(EndReason.RESET));
  }

  /** Runs a step of one leg or session, which is ended when the step fails. */
  void guarded(Runnable step, Runnable end) {
    if (!engine.faults().isDone("a relayed connection", step)) {
      engine.faults().isDone("a relayed connection", end);
    }
  }

  private static LegPhase phase(Leg leg) {
    @Nullable LegPhase phase = leg.phase();
    if (phase == null) {
      throw new IllegalStateException("a registered leg is in a phase");
    }
    return phase;
  }

  private void runTasks() {
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      engine.faults().isDone("a task of a relay loop", task);
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
    if (moved > 0) {
      engine.counters().count(Event.RELAY_BYTES, moved);
      moved = 0;
    }
    if (movedOverBackhaul > 0) {
      engine.counters().count(Event.BACKHAUL_BYTES, movedOverBackhaul);
      movedOverBackhaul = 0;
    }
  }

  private void end() {
    closeTasks();
    for (SelectionKey key : List.copyOf(selector.keys())) {
      closing(() -> ((Leg) key.attachment()).abandon(EndReason.STOPPED));
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
