package dev.rallypoint.relay;

import static org.awaitility.Awaitility.await;

import com.typesafe.config.ConfigFactory;
import dev.rallypoint.cluster.RelayDirectory;
import dev.rallypoint.config.BandwidthSettings;
import dev.rallypoint.config.ConnectionLimits;
import dev.rallypoint.config.ConsoleMode;
import dev.rallypoint.config.RelaySettings;
import dev.rallypoint.config.SpliceMode;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.policy.AccessKey;
import dev.rallypoint.protocol.frame.FrameHeader;
import dev.rallypoint.relay.conduit.BufferBudget;
import dev.rallypoint.testing.TestPorts;
import dev.rallypoint.testing.TestSettings;
import dev.rallypoint.testing.WsClient;
import dev.rallypoint.time.Ticker;
import dev.rallypoint.transport.FrameMemory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;

/** A relay on loopback in a cluster of one, and what a test wants to know of it. */
public final class RelayLab implements AutoCloseable {
  public static final String KEY = "the node's key";

  public static final BandwidthSettings FAST =
      new BandwidthSettings(100_000, 100_000, 32, 0.66, Duration.ofMinutes(30));

  private final RelayServer server;
  private final Counters counters;

  /** A cluster of one, to be shared by the tests of a class. */
  static ActorSystem<Void> cluster() {
    ActorSystem<Void> system =
        ActorSystem.create(Behaviors.empty(), "relay-lab", ConfigFactory.load("cluster"));
    RelaySharding.init(system, settings());
    Cluster cluster = Cluster.get(system);
    cluster.manager().tell(Join.create(cluster.selfMember().address()));
    await().until(() -> cluster.selfMember().status().equals(MemberStatus.up()));
    return system;
  }

  public static RelaySettings settings() {
    return settings(FAST, 1_000, new ConnectionLimits(10_000, 10_000, List.of()));
  }

  /** Settings of a relay that does not splice. */
  static RelaySettings copying() {
    return settings(
        "", FAST, 1_000, new ConnectionLimits(10_000, 10_000, List.of()), SpliceMode.OFF);
  }

  /** The settings of a node that clients reach by a name of its own. */
  static RelaySettings named(String name) {
    return settings(name, FAST, 1_000, new ConnectionLimits(10_000, 10_000, List.of()));
  }

  public static RelaySettings settings(
      BandwidthSettings bandwidth, int waitingPerAddress, ConnectionLimits limits) {
    return settings("", bandwidth, waitingPerAddress, limits);
  }

  private static RelaySettings settings(
      String name, BandwidthSettings bandwidth, int waitingPerAddress, ConnectionLimits limits) {
    return settings(name, bandwidth, waitingPerAddress, limits, TestSettings.SPLICE);
  }

  private static RelaySettings settings(
      String name,
      BandwidthSettings bandwidth,
      int waitingPerAddress,
      ConnectionLimits limits,
      SpliceMode splice) {
    return new RelaySettings(
        21117,
        name,
        bandwidth,
        Duration.ofSeconds(10),
        Duration.ofSeconds(30),
        Duration.ofSeconds(60),
        Duration.ofHours(1),
        Duration.ofSeconds(20),
        waitingPerAddress,
        limits,
        2,
        splice);
  }

  /** Settings of a relay with one loop that does not splice. */
  static RelaySettings copyingOnOneLoop() {
    RelaySettings copying = copying();
    return new RelaySettings(
        copying.port(),
        copying.ownName(),
        copying.bandwidth(),
        copying.handshake(),
        copying.pairWait(),
        copying.idle(),
        copying.tunnelIdle(),
        copying.write(),
        copying.waitingPerAddress(),
        copying.connections(),
        1,
        copying.splice());
  }

  /** A relay in a cluster of one, with its console. */
  static RelayParts parts(
      ActorSystem<?> system, RelaySettings settings, Path data, FrameMemory memory) {
    return new RelayParts(
        settings,
        "",
        new AccessKey(KEY),
        data,
        ConsoleMode.CHANGE,
        TestPorts.plain(new Counters(), memory),
        RelayDirectory.start(system, Ticker.SYSTEM),
        Optional.empty());
  }

  /** The relay without its console. */
  static RelayParts withoutConsole(RelayParts parts) {
    return new RelayParts(
        parts.settings(),
        parts.bind(),
        parts.accessKey(),
        parts.data(),
        ConsoleMode.OFF,
        parts.portPolicies(),
        parts.directory(),
        parts.backhaul());
  }

  /** A relay with these settings. */
  static RelayLab start(ActorSystem<?> system, RelaySettings settings, Path data, Ticker clock) {
    return start(system, parts(system, settings, data, FrameMemory.ofHeap()), clock);
  }

  /** A relay on any port of loopback. */
  static RelayLab start(ActorSystem<?> system, RelayParts parts, Ticker clock) {
    return start(system, parts, clock, BufferBudget.ofDirectMemory());
  }

  /** The same with so much memory for buffers. */
  static RelayLab start(
      ActorSystem<?> system, RelayParts parts, Ticker clock, BufferBudget buffers) {
    InetSocketAddress bind = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    RelayServer server =
        RelayStart.start(system, parts, bind, clock, buffers).toCompletableFuture().join();
    return new RelayLab(server, parts.portPolicies().counters());
  }

  private RelayLab(RelayServer server, Counters counters) {
    this.server = server;
    this.counters = counters;
  }

  public RelayServer server() {
    return server;
  }

  public Counters counters() {
    return counters;
  }

  /** A connection that has sent nothing. */
  public RelayClient connect() throws IOException {
    return RelayClient.connect(server.address());
  }

  /** The controlling side's connection. */
  public RelayClient sideA(String uuid) throws IOException {
    return connect().send(Requests.sideA(uuid));
  }

  /** The controlled side's connection. */
  public RelayClient sideB(String uuid) throws IOException {
    return connect().send(Requests.sideB(uuid));
  }

  /** A WebSocket that sends a first frame. */
  WsClient webSocket(byte[] request) {
    return new WsClient(server.webSocketAddress().getPort(), "/").sendFrame(payload(request));
  }

  /** A WebSocket that sends a first frame and reads only when it is told to. */
  RawWebSocket rawWebSocket(byte[] request) throws IOException {
    int port = server.webSocketAddress().getPort();
    return RawWebSocket.connect(new InetSocketAddress(server.address().getAddress(), port))
        .send(payload(request));
  }

  private static byte[] payload(byte[] frame) {
    return Arrays.copyOfRange(frame, FrameHeader.size(frame[0]), frame.length);
  }

  void awaitDrop(DropReason reason, long times) {
    await().until(() -> counters.of(reason) == times);
  }

  /** Until so many first frames were taken. */
  void awaitLegs(long count) {
    await().until(() -> counters.of(Event.RELAY_LEGS) == count);
  }

  void awaitSessions(int count) {
    await().until(() -> server.sessions().size() == count);
  }

  @Override
  public void close() {
    server.stop().toCompletableFuture().join();
  }

  /** A clock that a test turns. */
  static final class HandClock implements Ticker {
    private final AtomicLong now = new AtomicLong(1_000_000_000L);

    @Override
    public long nanos() {
      return now.get();
    }

    void turn(Duration by) {
      now.addAndGet(by.toNanos());
    }
  }
}
