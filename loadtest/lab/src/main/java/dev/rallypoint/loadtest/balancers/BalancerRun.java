package dev.rallypoint.loadtest.balancers;

import dev.rallypoint.loadtest.balancers.Balancer.Place;
import dev.rallypoint.loadtest.cluster.Cluster;
import dev.rallypoint.loadtest.cluster.ClusterNetwork;
import dev.rallypoint.loadtest.cluster.ClusterSpec;
import dev.rallypoint.loadtest.cluster.TestCertificate;
import dev.rallypoint.loadtest.environment.EnvironmentException;
import dev.rallypoint.loadtest.environment.ExternalCommand;
import dev.rallypoint.loadtest.environment.NamespaceThreads;
import dev.rallypoint.loadtest.environment.NetworkNamespaces;
import dev.rallypoint.loadtest.environment.NodeProcess;
import dev.rallypoint.loadtest.environment.Polling;
import dev.rallypoint.loadtest.faults.RunReport;
import dev.rallypoint.loadtest.load.NodeBalancer;
import dev.rallypoint.loadtest.load.PeerGroup;
import dev.rallypoint.loadtest.load.Percentiles;
import dev.rallypoint.loadtest.load.PunchRequester;
import dev.rallypoint.loadtest.load.RecoveryProbe;
import dev.rallypoint.loadtest.load.RelayLoad;
import dev.rallypoint.loadtest.load.RelayLoad.End;
import dev.rallypoint.loadtest.load.RelayLoad.RelayedSession;
import dev.rallypoint.loadtest.load.SourceAddresses;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Clients of three nodes behind a balancer, of which one drains and one is killed. */
final class BalancerRun implements AutoCloseable {
  private static final int FIRST_ID = 700_000_000;
  private static final int CHECKED_ADDRESSES = 10;
  private static final double SESSIONS_PER_SECOND = 2;
  private static final Duration LONGEST_SESSION = Duration.ofSeconds(20);
  private static final Duration LIMIT = Duration.ofSeconds(90);
  private static final Duration FOUND_AGAIN = Duration.ofSeconds(30);
  private static final Duration PAUSE = Duration.ofSeconds(5);
  private static final Pattern PEERS =
      Pattern.compile("(?m)^rallypoint_peers_at_home(?:\\{[^}]*})? ([0-9.]+)");

  private final Balancer balancer;
  private final ClusterSpec spec;
  private final Path examples;
  private final Cluster cluster;
  private final RunReport report;
  private final NodeBalancer front = new NodeBalancer(List.of(TestCertificate.SHARED_ADDRESS));
  private final List<AutoCloseable> started = new ArrayList<>();

  /** What is known once the nodes run. */
  private record Clients(PeerGroup peers, String key, ExecutorService threads) {
    PunchRequester requester(NodeBalancer front) {
      return new PunchRequester(front, key, SourceAddresses.ONE_PER_PEER);
    }
  }

  BalancerRun(Balancer balancer, ClusterSpec spec, Path examples, RunReport report) {
    this.balancer = balancer;
    this.spec = spec;
    this.examples = examples;
    this.cluster = new Cluster(spec);
    this.report = report;
  }

  private String name() {
    return balancer.name().toLowerCase(Locale.ROOT);
  }

  /** The prefix of the names of all namespaces. */
  String prefix() {
    return namespaces().prefix();
  }

  private NetworkNamespaces namespaces() {
    return cluster.network().namespaces();
  }

  /** Starts all of it, and reports what clients see. */
  void run(int peers) throws Exception {
    cluster.build();
    cluster.startNodes();
    String key = cluster.awaitReady();
    List<ProgramInNamespace> programs =
        balancer.start(new Place(cluster.network(), spec.launcher(), examples, spec.work()));
    started.addAll(programs);
    ExecutorService threads =
        Executors.newCachedThreadPool(NamespaceThreads.of(namespaces(), ClusterNetwork.LOAD));
    started.add(threads::shutdownNow);
    Clients clients = new Clients(register(peers, threads), key, threads);
    addresses(key);
    spread();
    drain(clients);
    kill(clients);
    report.check(
        name(), "its programs run", programs.stream().allMatch(p -> p.isAlive()), "to the end");
  }

  private PeerGroup register(int count, ExecutorService threads) throws Exception {
    PeerGroup group =
        new PeerGroup(
            FIRST_ID, SourceAddresses.ONE_PER_PEER, front, 1, PeerGroup.CLIENT_INTERVAL, threads);
    started.add(group);
    NamespaceThreads.of(namespaces(), ClusterNetwork.LOAD)
        .call(() -> {
          group.addPeers(count, Duration.ofSeconds(1), new SplittableRandom());
          return group;
        });
    long begun = System.nanoTime();
    threads.execute(group::run);
    boolean areAll = Polling.await(LIMIT, () -> group.acknowledgedSince(begun) == count);
    report.check(name(), "peers registered by UDP", areAll, group.acknowledgedSince(begun));
    if (!areAll) {
      throw new EnvironmentException("the peers could not register through the balancer");
    }
    return group;
  }

  private void addresses(String key) {
    InetSocketAddress server =
        new InetSocketAddress(TestCertificate.SHARED_ADDRESS, NodeProcess.PORT);
    AddressCheck check = new AddressCheck(server, key);
    List<AddressCheck.Seen> seen =
        NamespaceThreads.of(namespaces(), ClusterNetwork.LOAD)
            .call(() -> {
              List<AddressCheck.Seen> all = new ArrayList<>();
              for (int number = 1; number <= CHECKED_ADDRESSES; number++) {
                all.add(check.check(number));
              }
              return all;
            });
    long areTrue = seen.stream().filter(AddressCheck.Seen::isTrue).count();
    report.atLeast(name(), "clients seen at their own addresses", areTrue, CHECKED_ADDRESSES);
    seen.stream()
        .filter(one -> !one.isTrue())
        .findFirst()
        .ifPresent(one -> report.value(name(), "  one that is not", one));
  }

  /** How the peers are spread over the nodes. */
  private void spread() {
    List<Integer> atHome =
        IntStream.rangeClosed(1, spec.size())
            .mapToObj(ClusterNetwork::label)
            .map(label -> namespaces().run(label, "curl", "-fs", "http://127.0.0.1:21120/metrics"))
            .map(BalancerRun::peersAtHome)
            .toList();
    long used = atHome.stream().filter(peers -> peers > 0).count();
    boolean isAsMeant = used == (balancer.isFailover() ? 1 : spec.size());
    report.check(name(), "peers at home on the nodes", isAsMeant, atHome);
  }

  private static int peersAtHome(String metrics) {
    Matcher found = PEERS.matcher(metrics);
    return found.find() ? (int) Double.parseDouble(found.group(1)) : 0;
  }

  /** One of the nodes that clients use. */
  private int used() {
    if (!balancer.isFailover()) {
      return 2;
    }
    return IntStream.rangeClosed(1, spec.size())
        .filter(node ->
            namespaces()
                .run(ClusterNetwork.label(node), "ip", "addr", "show", "dev", ClusterNetwork.WAN)
                .contains(TestCertificate.SHARED_ADDRESS + "/"))
        .findFirst()
        .orElseThrow(() -> new EnvironmentException("the shared address is at no node"));
  }

  private void drain(Clients clients) throws Exception {
    int node = used();
    // With an address that moves, sessions are at the names of the nodes.
    NodeBalancer relays =
        balancer.isFailover()
            ? new NodeBalancer(
                IntStream.rangeClosed(1, spec.size())
                    .mapToObj(ClusterNetwork::clientAddress)
                    .toList())
            : front;
    List<RelayedSession> sessions;
    Duration took;
    try (RelayLoad load =
        new RelayLoad(
            relays,
            clients.key,
            SourceAddresses.ONE_PER_PEER,
            SESSIONS_PER_SECOND,
            LONGEST_SESSION,
            clients.threads)) {
      Polling.await(PAUSE, () -> false);
      long begun = System.nanoTime();
      rallypoint(node, "drain", "--wait", "120s");
      took = Duration.ofNanos(System.nanoTime() - begun);
      Polling.await(PAUSE, () -> false);
      found(clients, "found while a node drains", PAUSE);
      sessions = load.finish();
    }
    report.value(name(), "node " + node + " was drained after", RunReport.seconds(took));
    report.atLeast(name(), "relayed sessions meanwhile", sessions.size(), took.toSeconds());
    report.atMost(name(), "  not paired", count(sessions, End.NOT_PAIRED), 0);
    report.atMost(name(), "  cut", count(sessions, End.CUT), 0);
    report.atMost(name(), "  not finished", count(sessions, End.UNFINISHED), 0);
    rallypoint(node, "undrain");
    String label = ClusterNetwork.label(node);
    boolean isReady =
        Polling.await(
            LIMIT,
            () ->
                ExternalCommand.succeeds(
                    Stream.concat(
                            namespaces().prefixCommand(label).stream(),
                            Stream.of("curl", "-fs", "http://127.0.0.1:21120/readyz"))
                        .toList()));
    report.check(name(), "it is ready after undrain", isReady, isReady ? "yes" : "no");
  }

  private static long count(List<RelayedSession> sessions, End end) {
    return sessions.stream().filter(session -> session.end() == end).count();
  }

  private void rallypoint(int node, String... words) {
    String data = spec.work().resolve("data" + node).toString();
    String[] all =
        Stream.of(
                Stream.of(spec.launcher().toAbsolutePath().toString()),
                Stream.of(words),
                Stream.of("--data", data))
            .flatMap(part -> part)
            .toArray(String[]::new);
    namespaces().run(ClusterNetwork.label(node), all);
  }

  private void kill(Clients clients) throws Exception {
    int node = used();
    cluster.node(node).kill();
    found(clients, "found after node " + node + " was killed", FOUND_AGAIN);
  }

  /** How long it takes until each peer is found, from now on. */
  private void found(Clients clients, String what, Duration goal) throws Exception {
    List<Duration> times =
        RecoveryProbe.untilFound(
                clients.requester(front),
                clients.peers.peers(),
                System.nanoTime(),
                LIMIT,
                clients.threads)
            .stream()
            .map((Optional<Duration> time) -> time.orElse(Percentiles.NEVER))
            .toList();
    Percentiles all = Percentiles.of(times);
    report.value(name(), what + ", p50", RunReport.seconds(all.at(0.5)));
    report.atMost(name(), what + ", longest", all.longest(), goal);
  }

  @Override
  public void close() {
    for (AutoCloseable part : started.reversed()) {
      try {
        part.close();
      } catch (Exception e) {
        System.err.println("not closed: " + e);
      }
    }
    cluster.close();
  }
}
