package dev.rallypoint.loadtest.faults;

import dev.rallypoint.loadtest.cluster.Cluster;
import dev.rallypoint.loadtest.cluster.ClusterNetwork;
import dev.rallypoint.loadtest.cluster.ClusterPlan;
import dev.rallypoint.loadtest.crowd.Crowd;
import dev.rallypoint.loadtest.crowd.LightPeer;
import dev.rallypoint.loadtest.crowd.Nodes;
import dev.rallypoint.loadtest.crowd.PunchLoad;
import dev.rallypoint.loadtest.crowd.Requesting;
import dev.rallypoint.loadtest.machine.Inside;
import dev.rallypoint.loadtest.machine.LabException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** A cluster of real processes and the clients around it, all of one run. */
final class Rig implements AutoCloseable {
  private static final int FIRST_ID = 600_000_000;
  private static final int MOST_THREADS = 8_000;
  private static final int REGISTRATIONS_A_SECOND = 1_000;
  private static final Duration LONGEST_GATHERING = Duration.ofSeconds(120);

  private final Scale scale;
  private final Cluster cluster;
  private final Nodes nodes;
  private final List<Crowd> crowds = new ArrayList<>();
  private final int missesBeforeNext;
  private volatile boolean closed;
  private String key = "";
  private ExecutorService threads = pool(Thread.ofPlatform().daemon().factory());

  Rig(Scale scale, ClusterPlan plan, int missesBeforeNext) {
    this.scale = scale;
    this.cluster = new Cluster(plan);
    this.missesBeforeNext = missesBeforeNext;
    this.nodes =
        new Nodes(
            IntStream.rangeClosed(1, plan.size()).mapToObj(ClusterNetwork::clientAddress).toList());
  }

  /** Starts everything and waits until so many peers are registered. */
  void open(int peers) throws IOException {
    cluster.build();
    cluster.startNodes();
    key = cluster.awaitReady();
    threads.shutdown();
    threads = pool(Inside.of(cluster.network().namespaces(), ClusterNetwork.CROWD));
    if (peers > 0) {
      gather(FIRST_ID, peers, Duration.ofSeconds(1 + peers / REGISTRATIONS_A_SECOND));
      if (!await(LONGEST_GATHERING, () -> registered() == peers)) {
        throw new LabException("only %d of %d peers could register".formatted(registered(), peers));
      }
    }
  }

  /** A thread for each task; what comes when it is shut down is dropped. */
  private static ExecutorService pool(ThreadFactory factory) {
    return new ThreadPoolExecutor(
        0,
        MOST_THREADS,
        10,
        TimeUnit.SECONDS,
        new SynchronousQueue<>(),
        factory,
        new ThreadPoolExecutor.DiscardPolicy());
  }

  private long registered() {
    return crowd().peers().stream().filter(peer -> peer.home() != 0).count();
  }

  /** More peers, whose first registrations are spread over a time. */
  Crowd gather(int firstId, int count, Duration spread) throws IOException {
    Crowd crowd = new Crowd(firstId, nodes, missesBeforeNext, threads);
    Inside.of(cluster.network().namespaces(), ClusterNetwork.CROWD)
        .call(() -> {
          crowd.gather(count, spread, new SplittableRandom());
          return crowd;
        });
    threads.execute(crowd::run);
    synchronized (crowds) {
      crowds.add(crowd);
    }
    return crowd;
  }

  /** Requesters at the scale's rate. */
  PunchLoad load(Supplier<List<LightPeer>> targets) {
    return new PunchLoad(requesting(), targets, scale.punches(), threads);
  }

  Requesting requesting() {
    return new Requesting(nodes, key);
  }

  /** Waits for a condition, looking often. */
  boolean await(Duration longest, BooleanSupplier condition) {
    long deadline = System.nanoTime() + longest.toNanos();
    while (!condition.getAsBoolean()) {
      if (closed) {
        throw new LabException("the lab is being taken down");
      }
      if (System.nanoTime() - deadline > 0) {
        return false;
      }
      LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
    }
    return true;
  }

  /** Lets time pass. */
  void pass(Duration time) {
    await(time, () -> false);
  }

  Scale scale() {
    return scale;
  }

  Cluster cluster() {
    return cluster;
  }

  Nodes nodes() {
    return nodes;
  }

  /** The peers that were registered before the run began. */
  Crowd crowd() {
    synchronized (crowds) {
      return crowds.getFirst();
    }
  }

  /** Threads inside the crowd's network. */
  ExecutorService threads() {
    return threads;
  }

  String key() {
    return key;
  }

  /** Threads inside a node's network. */
  Inside inside(int node) {
    return Inside.of(cluster.network().namespaces(), ClusterNetwork.label(node));
  }

  @Override
  public void close() {
    closed = true;
    synchronized (crowds) {
      crowds.forEach(Crowd::close);
    }
    threads.shutdownNow();
    cluster.close();
  }
}
