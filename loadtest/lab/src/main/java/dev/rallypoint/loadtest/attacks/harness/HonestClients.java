package dev.rallypoint.loadtest.attacks.harness;

import dev.rallypoint.loadtest.attacks.harness.Phase.NodeUse;
import dev.rallypoint.loadtest.attacks.harness.Phase.Requests;
import dev.rallypoint.loadtest.environment.EnvironmentException;
import dev.rallypoint.loadtest.environment.Polling;
import dev.rallypoint.loadtest.environment.ProcessFigures;
import dev.rallypoint.loadtest.load.NodeBalancer;
import dev.rallypoint.loadtest.load.PeerGroup;
import dev.rallypoint.loadtest.load.Percentiles;
import dev.rallypoint.loadtest.load.PunchLoad;
import dev.rallypoint.loadtest.load.PunchRequester;
import dev.rallypoint.loadtest.load.PunchResult;
import dev.rallypoint.loadtest.load.RelayLoad;
import dev.rallypoint.loadtest.load.RelayLoad.RelayedSession;
import dev.rallypoint.loadtest.load.SourceAddresses;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;

/**
 * The honest clients of an attacked node: registered peers that send heartbeats, requesters that
 * ask for them, and relayed sessions. Each has a source address of its own.
 */
public final class HonestClients implements AutoCloseable {
  private static final int FIRST_ID = 500_000_000;
  private static final int PEERS = 300;

  /** Shorter than that of a client, so that few peers send many heartbeats. */
  private static final Duration HEARTBEAT_INTERVAL = Duration.ofSeconds(3);

  private static final double PUNCHES_PER_SECOND = 20;
  private static final double RELAYS_PER_SECOND = 2;
  private static final Duration LONGEST_RELAY = Duration.ofSeconds(2);
  private static final Duration REGISTRATION_LIMIT = Duration.ofSeconds(60);

  /** When the next heartbeat is due, it is known that one was lost. */
  private static final Duration LAST_ANSWERS = HEARTBEAT_INTERVAL.plusMillis(200);

  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final AttackedNode node;
  private final ExecutorService threads;
  private final NodeBalancer balancer;
  private final SourceAddresses addresses = SourceAddresses.onLoopback(1);
  private final PeerGroup peers;
  private final PunchRequester requester;

  /** Opens the sockets of the peers. */
  public HonestClients(AttackedNode node, ExecutorService threads) throws IOException {
    this.node = node;
    this.threads = threads;
    this.balancer = node.balancer();
    this.peers = new PeerGroup(FIRST_ID, addresses, balancer, 1, HEARTBEAT_INTERVAL, threads);
    this.requester = new PunchRequester(balancer, node.key(), addresses);
  }

  /** Registers the peers. */
  public void register() throws IOException {
    peers.addPeers(PEERS, HEARTBEAT_INTERVAL, new SplittableRandom());
    threads.execute(peers::run);
    if (!Polling.await(REGISTRATION_LIMIT, () -> peers.acknowledgedSince(0) == PEERS)) {
      throw new EnvironmentException(
          "only %d of %d honest peers could register".formatted(peers.acknowledgedSince(0), PEERS));
    }
  }

  /** Measures for some time, then waits for the requests that run. */
  public Phase measure(Duration time) {
    Queue<Duration> heartbeatTimes = new ConcurrentLinkedQueue<>();
    Duration first = time.compareTo(MINUTE.multipliedBy(3)) > 0 ? MINUTE : time.dividedBy(3);
    long begun = System.nanoTime();
    long sent = peers.counts().sent();
    long lost = peers.counts().lost();
    double cpu = ProcessFigures.cpu(node.pid());
    peers.counts().recordTimes(heartbeatTimes::add);
    try (PunchLoad punches = new PunchLoad(requester, peers::peers, PUNCHES_PER_SECOND, threads);
        RelayLoad relays =
            new RelayLoad(
                balancer, node.key(), addresses, RELAYS_PER_SECOND, LONGEST_RELAY, threads)) {
      pause(begun, first);
      long rssFirst = ProcessFigures.rss(node.pid());
      pause(begun, time);
      double seconds = (System.nanoTime() - begun) / 1e9;
      double cores = (ProcessFigures.cpu(node.pid()) - cpu) / seconds;
      long rssLast = ProcessFigures.rss(node.pid());
      long heartbeats = peers.counts().sent() - sent;
      List<PunchResult> punched = punches.finish();
      List<RelayedSession> relayed = relays.finish();
      pause(begun, time.plus(LAST_ANSWERS));
      return new Phase(
          seconds,
          new Requests(heartbeats, peers.counts().lost() - lost, Percentiles.of(heartbeatTimes)),
          ofPunches(punched),
          ofRelays(relayed),
          new NodeUse(Math.max(0, cores), rssFirst, rssLast));
    }
  }

  private static Requests ofPunches(List<PunchResult> punched) {
    List<Duration> times =
        punched.stream().filter(PunchResult::isFound).map(PunchResult::took).toList();
    return new Requests(punched.size(), punched.size() - times.size(), Percentiles.of(times));
  }

  private static Requests ofRelays(List<RelayedSession> relayed) {
    long failed =
        relayed.stream().filter(session -> session.end() != RelayLoad.End.COMPLETE).count();
    return new Requests(relayed.size(), failed, Percentiles.of(List.of()));
  }

  private static void pause(long begun, Duration time) {
    Polling.await(time.minusNanos(System.nanoTime() - begun), () -> false);
  }

  /** Asks for targets as an honest requester does. */
  public PunchRequester requester() {
    return requester;
  }

  @Override
  public void close() {
    peers.close();
  }
}
