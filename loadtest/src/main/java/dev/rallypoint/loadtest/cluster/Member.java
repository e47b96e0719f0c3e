package dev.rallypoint.loadtest.cluster;

import dev.rallypoint.loadtest.machine.LabException;
import dev.rallypoint.loadtest.machine.NodeProcess;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One node of the cluster with its supervisor: when the process ends and nobody asked for it, it is
 * started again a second later, as systemd or an orchestrator does.
 */
public final class Member implements AutoCloseable {
  private static final Duration BEFORE_RESTART = Duration.ofSeconds(1);
  private static final long STOP_SECONDS = 180;

  private final int number;
  private final Supplier<NodeProcess> starter;
  private final List<End> unasked = new ArrayList<>();
  private @Nullable NodeProcess process;
  private boolean wanted;
  private boolean closed;

  /**
   * A process ended by itself.
   *
   * @param code its exit code
   * @param at as {@code System.nanoTime}
   */
  public record End(int code, long at) {}

  Member(int number, Supplier<NodeProcess> starter) {
    this.number = number;
    this.starter = starter;
  }

  /** Its number, the first one is 1. */
  public int number() {
    return number;
  }

  /** Starts it, without waiting. */
  public synchronized void start() {
    if (closed) {
      throw new LabException("the lab is being taken down");
    }
    wanted = true;
    NodeProcess started = starter.get();
    process = started;
    started.ended().thenAccept(code -> onEnd(started, code));
  }

  private void onEnd(NodeProcess ended, int code) {
    synchronized (this) {
      if (!wanted || closed || ended != process) {
        return;
      }
      unasked.add(new End(code, System.nanoTime()));
    }
    LockSupport.parkNanos(BEFORE_RESTART.toNanos());
    synchronized (this) {
      if (wanted && !closed && ended == process) {
        start();
      }
    }
  }

  /** The process that runs or ran last. */
  public synchronized NodeProcess process() {
    NodeProcess running = process;
    if (running == null) {
      throw new LabException("node " + number + " was never started");
    }
    return running;
  }

  /** Waits for its ready line. */
  public void awaitReady() {
    process().key();
  }

  /**
   * Waits until it is ready, whatever process of it that is.
   *
   * @return whether it was in time
   */
  public boolean awaitReady(Duration longest) {
    long deadline = System.nanoTime() + longest.toNanos();
    while (System.nanoTime() - deadline < 0) {
      if (process().isReady() && process().isAlive()) {
        return true;
      }
      LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
    }
    return false;
  }

  /** Stops it by SIGTERM, waits, and gives its exit code. */
  public int stop() {
    synchronized (this) {
      wanted = false;
    }
    return process().stop(STOP_SECONDS);
  }

  /** Ends it by SIGKILL; it stays down. */
  public void kill() {
    synchronized (this) {
      wanted = false;
    }
    process().close();
  }

  /** Processes that ended without being asked to, in order. */
  public synchronized List<End> unaskedEnds() {
    return List.copyOf(unasked);
  }

  @Override
  public void close() {
    NodeProcess running;
    synchronized (this) {
      closed = true;
      wanted = false;
      running = process;
    }
    if (running != null) {
      running.close();
    }
  }
}
