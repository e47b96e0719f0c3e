package dev.rallypoint.loadtest.faults;

import dev.rallypoint.loadtest.cluster.Cluster;
import dev.rallypoint.loadtest.cluster.ClusterNetwork;
import dev.rallypoint.loadtest.cluster.ClusterSpec;
import dev.rallypoint.loadtest.environment.EnvironmentException;
import dev.rallypoint.loadtest.environment.NamespaceThreads;
import dev.rallypoint.loadtest.environment.NetworkNamespaces;
import dev.rallypoint.loadtest.environment.Polling;
import dev.rallypoint.loadtest.load.NodeBalancer;
import dev.rallypoint.loadtest.load.PeerGroup;
import dev.rallypoint.loadtest.load.PeerGroupCommand;
import dev.rallypoint.loadtest.load.PeerGroupProcess;
import dev.rallypoint.loadtest.load.PunchLoad;
import dev.rallypoint.loadtest.load.PunchRequester;
import dev.rallypoint.loadtest.load.RegisteredPeer;
import dev.rallypoint.loadtest.load.SourceAddresses;
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
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The cluster of a fault run with its registered peers and requesters. */
final class LoadedCluster implements AutoCloseable {
  private static final int FIRST_ID = 600_000_000;
  private static final int MAX_THREADS = 8_000;
  private static final int REGISTRATIONS_PER_SECOND = 1_000;
  private static final Duration REGISTRATION_LIMIT = Duration.ofSeconds(120);

  /** Each peer has a socket, and many machines allow 20,000 descriptors per process. */
  private static final int PEERS_PER_PROCESS = 12_000;

  private final RunSize size;
  private final Cluster cluster;
  private final NodeBalancer nodes;
  private final List<String> addresses;
  private final Path work;
  private final List<PeerGroup> groups = new ArrayList<>();
  private final List<PeerGroupProcess> processes = new ArrayList<>();
  private final int missesBeforeNext;
  private final NodeSettings settings;
  private volatile boolean closed;
  private int registered;
  private String key = "";
  private ExecutorService threads = pool(Thread.ofPlatform().daemon().factory());

  /**
   * A cluster that is not started yet.
   *
   * @param missesBeforeNext after how many unanswered registrations a peer changes to another node
   */
  LoadedCluster(RunSize size, ClusterSpec spec, int missesBeforeNext) {
    this.size = size;
    this.cluster = new Cluster(spec);
    this.missesBeforeNext = missesBeforeNext;
    this.settings = NodeSettings.NONE.with(spec.settings());
    this.work = spec.work();
    this.addresses =
        IntStream.rangeClosed(1, spec.size()).mapToObj(ClusterNetwork::clientAddress).toList();
    this.nodes = new NodeBalancer(addresses);
  }

  /** Starts the cluster and waits until this many peers are registered. */
  void open(int peers, SourceAddresses from) throws IOException {
    cluster.build();
    cluster.startNodes();
    key = cluster.awaitReady();
    threads.shutdown();
    threads = pool(NamespaceThreads.of(namespaces(), ClusterNetwork.LOAD));
    registered = peers;
    if (peers > 0) {
      long begun = System.nanoTime();
      int first = Math.min(peers, PEERS_PER_PROCESS);
      addPeers(FIRST_ID, from, first, spread(peers));
      for (int added = first; added < peers; added += PEERS_PER_PROCESS) {
        addProcess(FIRST_ID + added, from, Math.min(peers - added, PEERS_PER_PROCESS));
      }
      if (!await(REGISTRATION_LIMIT, () -> acknowledgedSince(begun) == peers)) {
        throw new EnvironmentException(
            "only %d of %d peers could register".formatted(acknowledgedSince(begun), peers));
      }
    }
  }

  private static Duration spread(int peers) {
    return Duration.ofSeconds(1 + peers / REGISTRATIONS_PER_SECOND);
  }

  private void addProcess(int firstId, SourceAddresses from, int count) throws IOException {
    Path logs = Files.createDirectories(work.resolve("peers" + firstId));
    PeerGroupProcess process =
        PeerGroupProcess.start(
            namespaces(),
            ClusterNetwork.LOAD,
            logs,
            new PeerGroupCommand.AddPeers(
                addresses, missesBeforeNext, from, firstId, count, spread(count).toNanos()));
    synchronized (groups) {
      processes.add(process);
    }
  }

  /** Adds peers, each with an address of its own. */
  PeerGroup addPeers(int firstId, int count, Duration spread) throws IOException {
    return addPeers(firstId, SourceAddresses.ONE_PER_PEER, count, spread);
  }

  private PeerGroup addPeers(int firstId, SourceAddresses from, int count, Duration spread)
      throws IOException {
    PeerGroup group =
        new PeerGroup(firstId, from, nodes, missesBeforeNext, PeerGroup.CLIENT_INTERVAL, threads);
    NamespaceThreads.of(namespaces(), ClusterNetwork.LOAD)
        .call(() -> {
          group.addPeers(count, spread, new SplittableRandom());
          return group;
        });
    threads.execute(group::run);
    synchronized (groups) {
      groups.add(group);
    }
    return group;
  }

  /** How many peers were registered before the run began. */
  int registered() {
    return registered;
  }

  /** How many peers were acknowledged after a moment of {@code System.nanoTime}. */
  long acknowledgedSince(long moment) {
    return group().acknowledgedSince(moment)
        + processes().mapToLong(process -> process.acknowledgedSince(moment)).sum();
  }

  /** How often RegisterPk had this result. */
  long results(RegisterPkResponse.Result result) {
    return group().counts().results(result)
        + processes().mapToLong(process -> process.results(result)).sum();
  }

  /** Changes the source address of every so many-th peer; returns how many changed. */
  int changeAddresses(int oneIn) {
    return group().changeAddresses(oneIn)
        + processes().mapToInt(process -> process.changeAddresses(oneIn)).sum();
  }

  private Stream<PeerGroupProcess> processes() {
    synchronized (groups) {
      return List.copyOf(processes).stream();
    }
  }

  /** A thread for each task; tasks after the shutdown are dropped. */
  private static ExecutorService pool(ThreadFactory factory) {
    return new ThreadPoolExecutor(
        0,
        MAX_THREADS,
        10,
        TimeUnit.SECONDS,
        new SynchronousQueue<>(),
        factory,
        new ThreadPoolExecutor.DiscardPolicy());
  }

  /** Starts punch hole requests at the rate of the run. */
  PunchLoad startPunchLoad(Supplier<List<RegisteredPeer>> targets) {
    return new PunchLoad(requester(), targets, size.rate(), threads);
  }

  /** A requester that knows the key of the servers. */
  PunchRequester requester() {
    return new PunchRequester(nodes, key, SourceAddresses.ONE_PER_PEER);
  }

  /**
   * Waits for a condition.
   *
   * @return false when it did not hold in time
   * @throws EnvironmentException when the cluster is closed
   */
  boolean await(Duration limit, BooleanSupplier condition) {
    return Polling.await(
        limit,
        () -> {
          boolean holds = condition.getAsBoolean();
          if (!holds && closed) {
            throw new EnvironmentException("the cluster is closed");
          }
          return holds;
        });
  }

  /** Waits for some time. */
  void pause(Duration time) {
    await(time, () -> false);
  }

  RunSize size() {
    return size;
  }

  /** The settings that the nodes were started with. */
  NodeSettings settings() {
    return settings;
  }

  Cluster cluster() {
    return cluster;
  }

  NodeBalancer nodes() {
    return nodes;
  }

  /** The peers of this process that were registered before the run began. */
  PeerGroup group() {
    synchronized (groups) {
      return groups.getFirst();
    }
  }

  /** Threads in the network of the clients. */
  ExecutorService threads() {
    return threads;
  }

  /** The public key of the servers. */
  String key() {
    return key;
  }

  private NetworkNamespaces namespaces() {
    return cluster.network().namespaces();
  }

  /** The prefix of the names of all namespaces. */
  String prefix() {
    return namespaces().prefix();
  }

  /** Threads in the namespace of a node. */
  NamespaceThreads threadsAt(int node) {
    return NamespaceThreads.of(namespaces(), ClusterNetwork.label(node));
  }

  @Override
  public void close() {
    closed = true;
    synchronized (groups) {
      groups.forEach(PeerGroup::close);
      processes.forEach(PeerGroupProcess::close);
    }
    threads.shutdownNow();
    cluster.close();
  }
}
