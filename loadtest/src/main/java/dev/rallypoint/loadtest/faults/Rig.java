package dev.rallypoint.loadtest.faults;

import dev.rallypoint.loadtest.cluster.Cluster;
import dev.rallypoint.loadtest.cluster.ClusterNetwork;
import dev.rallypoint.loadtest.cluster.ClusterPlan;
import dev.rallypoint.loadtest.crowd.Crowd;
import dev.rallypoint.loadtest.crowd.CrowdAddresses;
import dev.rallypoint.loadtest.crowd.FarCrowd;
import dev.rallypoint.loadtest.crowd.LightPeer;
import dev.rallypoint.loadtest.crowd.Nodes;
import dev.rallypoint.loadtest.crowd.PunchLoad;
import dev.rallypoint.loadtest.crowd.Requesting;
import dev.rallypoint.loadtest.machine.Inside;
import dev.rallypoint.loadtest.machine.LabException;
import dev.rallypoint.protocol.proto.RegisterPkResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
import java.util.stream.Stream;

/** A cluster of real processes and the clients around it, all of one run. */
final class Rig implements AutoCloseable {
  private static final int FIRST_ID = 600_000_000;
  private static final int MOST_THREADS = 8_000;
  private static final int REGISTRATIONS_A_SECOND = 1_000;
  private static final Duration LONGEST_GATHERING = Duration.ofSeconds(120);

  /** Peers in one process: each has a socket, and many machines allow 20,000 descriptors. */
  private static final int ROOM = 12_000;

  private final Scale scale;
  private final Cluster cluster;
  private final Nodes nodes;
  private final List<String> addresses;
  private final Path work;
  private final List<Crowd> crowds = new ArrayList<>();
  private final List<FarCrowd> farCrowds = new ArrayList<>();
  private final int missesBeforeNext;
  private final NodeSettings settings;
  private volatile boolean closed;
  private int registered;
  private String key = "";
  private ExecutorService threads = pool(Thread.ofPlatform().daemon().factory());

  Rig(Scale scale, ClusterPlan plan, int missesBeforeNext) {
    this.scale = scale;
    this.cluster = new Cluster(plan);
    this.missesBeforeNext = missesBeforeNext;
    this.settings = NodeSettings.NONE.with(plan.settings());
    this.work = plan.work();
    this.addresses =
        IntStream.rangeClosed(1, plan.size()).mapToObj(ClusterNetwork::clientAddress).toList();
    this.nodes = new Nodes(addresses);
  }

  /** Starts everything and waits until so many peers are registered. */
  void open(int peers, CrowdAddresses from) throws IOException {
    cluster.build();
    cluster.startNodes();
    key = cluster.awaitReady();
    threads.shutdown();
    threads = pool(Inside.of(cluster.network().namespaces(), ClusterNetwork.CROWD));
    registered = peers;
    if (peers > 0) {
      int near = Math.min(peers, ROOM);
      long begun = System.nanoTime();
      gather(FIRST_ID, from, near, Duration.ofSeconds(1 + peers / REGISTRATIONS_A_SECOND));
      for (int id = near; id < peers; id += ROOM) {
        gatherFar(FIRST_ID + id, from, Math.min(peers - id, ROOM));
      }
      if (!await(LONGEST_GATHERING, () -> acknowledgedSince(begun) == peers)) {
        throw new LabException(
            "only %d of %d peers could register".formatted(acknowledgedSince(begun), peers));
      }
    }
  }

  private void gatherFar(int firstId, CrowdAddresses from, int count) throws IOException {
    Path logs = Files.createDirectories(work.resolve("crowd" + firstId));
    FarCrowd far =
        FarCrowd.gather(
            cluster.network().namespaces(),
            ClusterNetwork.CROWD,
            logs,
            addresses,
            missesBeforeNext,
            from,
            firstId,
            count,
            Duration.ofSeconds(1 + count / REGISTRATIONS_A_SECOND));
    synchronized (crowds) {
      farCrowds.add(far);
    }
  }

  /** How many peers were registered before the run began. */
  int registered() {
    return registered;
  }

  /** How many of all peers were acknowledged after a moment. */
  long acknowledgedSince(long moment) {
    return crowd().acknowledgedSince(moment)
        + far().mapToLong(far -> far.acknowledgedSince(moment)).sum();
  }

  /** How often RegisterPk of any peer got this answer. */
  long verdicts(RegisterPkResponse.Result result) {
    return crowd().verdicts(result) + far().mapToLong(far -> far.verdicts(result)).sum();
  }

  /** Carries one in so many of all peers behind another ip; gives how many. */
  int carryAway(int oneIn) {
    return crowd().carryAway(oneIn) + far().mapToInt(far -> far.carryAway(oneIn)).sum();
  }

  private Stream<FarCrowd> far() {
    synchronized (crowds) {
      return List.copyOf(farCrowds).stream();
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

  /** More peers, whose first registrations are spread over a time. */
  Crowd gather(int firstId, int count, Duration spread) throws IOException {
    return gather(firstId, CrowdAddresses.OF_THEIR_OWN, count, spread);
  }

  private Crowd gather(int firstId, CrowdAddresses from, int count, Duration spread)
      throws IOException {
    Crowd crowd = new Crowd(firstId, from, nodes, missesBeforeNext, threads);
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

  /** Whether it is being taken down. */
  boolean isClosed() {
    return closed;
  }

  Scale scale() {
    return scale;
  }

  /** What the nodes were started with. */
  NodeSettings settings() {
    return settings;
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
      farCrowds.forEach(FarCrowd::close);
    }
    threads.shutdownNow();
    cluster.close();
  }
}
