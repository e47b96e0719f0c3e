package dev.rallypoint.testing;

import dev.rallypoint.config.BandwidthSettings;
import dev.rallypoint.config.Cidr;
import dev.rallypoint.config.ConnectionLimits;
import dev.rallypoint.config.NodeSettings;
import dev.rallypoint.config.RegistrationLimits;
import dev.rallypoint.config.RelaySettings;
import dev.rallypoint.config.RendezvousSettings;
import dev.rallypoint.config.SpliceMode;
import dev.rallypoint.config.StoreSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Settings for tests: the defaults, with what a test changes. */
public final class TestSettings {
  private final Path data;
  private List<String> relayServers = List.of();
  private boolean alwaysUseRelay;
  private List<Cidr> lan = List.of();
  private String localIp = "";
  private Duration firstFrame = Duration.ofSeconds(10);
  private Duration offlineAfter = Duration.ofSeconds(30);
  private int registrationsPerAddress = 1_200;
  private int newIdsPerAddress = 1_000;
  private int connectionsPerAddress = 10_000;
  private int maxConnections;
  private boolean console = true;

  private TestSettings(Path data) {
    this.data = data;
  }

  public static TestSettings in(Path data) {
    return new TestSettings(data);
  }

  public TestSettings relayServers(String... names) {
    relayServers = List.of(names);
    return this;
  }

  public TestSettings alwaysUseRelay() {
    alwaysUseRelay = true;
    return this;
  }

  public TestSettings lan(String network, String ip) {
    lan = List.of(Cidr.parse("mask", network));
    localIp = ip;
    return this;
  }

  public TestSettings firstFrame(Duration within) {
    firstFrame = within;
    return this;
  }

  public TestSettings offlineAfter(Duration silence) {
    offlineAfter = silence;
    return this;
  }

  public TestSettings registrationsPerAddress(int limit) {
    registrationsPerAddress = limit;
    return this;
  }

  public TestSettings newIdsPerAddress(int limit) {
    newIdsPerAddress = limit;
    return this;
  }

  public TestSettings connections(int perAddress, int total) {
    connectionsPerAddress = perAddress;
    maxConnections = total;
    return this;
  }

  public TestSettings withoutConsole() {
    console = false;
    return this;
  }

  /** The settings for a node on this port, its relay on the next. */
  public NodeSettings on(int port) {
    ConnectionLimits connections =
        new ConnectionLimits(connectionsPerAddress, maxConnections, List.of());
    data.toFile().mkdirs();
    return new NodeSettings(
        data,
        "-",
        "",
        new RendezvousSettings(
            port,
            relayServers,
            alwaysUseRelay,
            lan,
            localIp,
            0,
            offlineAfter,
            firstFrame,
            Duration.ofSeconds(60),
            new RegistrationLimits(
                registrationsPerAddress, newIdsPerAddress, 3, Duration.ofSeconds(6), List.of()),
            connections,
            10_000),
        new RelaySettings(
            port + 1,
            new BandwidthSettings(10_000, 100_000, 32, 0.66, Duration.ofMinutes(30)),
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            Duration.ofSeconds(60),
            Duration.ofHours(1),
            Duration.ofSeconds(60),
            1_000,
            connections,
            0,
            SpliceMode.AUTO),
        new StoreSettings(data.resolve("db_v2.sqlite3")),
        console);
  }
}
