package dev.rallypoint.loadtest.cluster;

import dev.rallypoint.loadtest.environment.EnvironmentException;
import dev.rallypoint.loadtest.environment.NodeProcess;
import dev.rallypoint.loadtest.environment.Polling;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A node of the cluster with its supervisor. When the process ends without having been stopped, it
 * is started again one second later, as systemd does.
 */
public final class SupervisedNode implements AutoCloseable {
  private static final Duration RESTART_DELAY = Duration.ofSeconds(1);
  private static final long STOP_SECONDS = 180;

  private final int number;
  private final Supplier<NodeProcess> starter;
  private final List<Exit> exits = new ArrayList<>();
  private @Nullable NodeProcess process;
  private boolean wanted;
  private boolean closed;

  /**
   * The end of a process that was not stopped.
   *
   * @param code the exit code
   * @param at when it ended, as {@code System.nanoTime}
   */
  public record Exit(int code, long at) {}

  SupervisedNode(int number, Supplier<NodeProcess> starter) {
    this.number = number;
    this.starter = starter;
  }

  /** The number of the node, from 1. */
  public int number() {
    return number;
  }

  /** Starts the node without waiting for it. */
  public synchronized void start() {
    if (closed) {
      throw new EnvironmentException("the cluster is closed");
    }
    wanted = true;
    NodeProcess started = starter.get();
    process = started;
    started.exitCode().thenAccept(code -> onExit(started, code));
  }

  private void onExit(NodeProcess ended, int code) {
    synchronized (this) {
      if (!wanted || closed || ended != process) {
        return;
      }
      exits.add(new Exit(code, System.nanoTime()));
    }
    LockSupport.parkNanos(RESTART_DELAY.toNanos());
    synchronized (this) {
      if (wanted && !closed && ended == process) {
        start();
      }
    }
  }

  /** The current process, or the last one. */
  public synchronized NodeProcess process() {
    NodeProcess running = process;
    if (running == null) {
      throw new EnvironmentException("node " + number + " was never started");
    }
    return running;
  }

  /** Waits for the ready line of the current process. */
  public void awaitReady() {
    process().awaitKey();
  }

  /**
   * Waits until a process of the node is ready, also when the supervisor starts several.
   *
   * @return false when none was ready in time
   */
  public boolean awaitReady(Duration limit) {
    return Polling.await(limit, () -> process().isReady() && process().isAlive());
  }

  /** Stops the node by SIGTERM, waits for its end and returns the exit code. */
  public int stop() {
    synchronized (this) {
      wanted = false;
    }
    return process().stop(STOP_SECONDS);
  }

  /** Kills the node by SIGKILL; it is not started again. */
  public void kill() {
    synchronized (this) {
      wanted = false;
    }
    process().close();
  }

  /** The ends of processes that were not stopped, in order. */
  public synchronized List<Exit> unexpectedExits() {
    return List.copyOf(exits);
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
