package dev.rallypoint.testing;

import dev.rallypoint.config.BandwidthSettings;
import dev.rallypoint.config.Cidr;
import dev.rallypoint.config.ClusterSecurity;
import dev.rallypoint.config.ClusterSettings;
import dev.rallypoint.config.ConnectionLimits;
import dev.rallypoint.config.ConsoleMode;
import dev.rallypoint.config.EntranceSettings;
import dev.rallypoint.config.KeySettings;
import dev.rallypoint.config.LinkSettings;
import dev.rallypoint.config.ManagementSettings;
import dev.rallypoint.config.NewIdLimits;
import dev.rallypoint.config.NodeRole;
import dev.rallypoint.config.NodeSettings;
import dev.rallypoint.config.ProxySettings;
import dev.rallypoint.config.RegistrationLimits;
import dev.rallypoint.config.RelaySettings;
import dev.rallypoint.config.RendezvousSettings;
import dev.rallypoint.config.SpliceMode;
import dev.rallypoint.config.SqliteSettings;
import dev.rallypoint.config.StoreSettings;
import dev.rallypoint.config.TlsSettings;
import dev.rallypoint.config.access.AccessMode;
import dev.rallypoint.config.access.Enrolment;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;

/** Settings for tests: the defaults, with what a test changes. */
public final class TestSettings {
  /** How relayed bytes are moved in all tests: {@code -Drelay.splice=off} copies them. */
  public static final SpliceMode SPLICE =
      SpliceMode.valueOf(System.getProperty("relay.splice", "auto").toUpperCase(Locale.ROOT));

  /** The default limits of new ids, wide enough for all that tests register at once. */
  public static final NewIdLimits NEW_IDS =
      new NewIdLimits(1_000, 20_000, 50_000, 0, Duration.ofDays(7), Enrolment.OPEN);

  private static final ClusterSecurity DERIVED = new ClusterSecurity.DerivedTls();

  private final Path data;
  private List<String> relayServers = List.of();
  private boolean alwaysUseRelay;
  private Duration firstFrame = Duration.ofSeconds(10);
  private Duration offlineAfter = Duration.ofSeconds(30);
  private int registrationsPerAddress = 1_200;
  private int newIdsPerAddress = 1_000;
  private NewIdLimits newIds = NEW_IDS;
  private List<Cidr> exempt = List.of();
  private int onlineIdsPerMinute = 60_000;
  private int registrationsPerId = 3;
  private int connectionsPerAddress = 10_000;
  private int maxConnections;
  private boolean management;
  private ConsoleMode console = ConsoleMode.CHANGE;
  private ProxySettings proxies = ProxySettings.NONE;
  private Optional<TlsSettings> tls = Optional.empty();
  private boolean onePort;
  private IntFunction<EntranceSettings.ApiPort> apiPort = port -> EntranceSettings.ApiPort.NONE;
  private Duration keepAlive = Duration.ofSeconds(60);
  private boolean changeId = true;
  private AccessMode access = AccessMode.OPEN;
  private Duration relayHandshake = Duration.ofSeconds(10);
  private Duration relayWrite = Duration.ofSeconds(60);
  private double singleBandwidth = 10_000;
  private String bind = "";
  private String relayName = "";
  private int clusterPort;
  private List<InetSocketAddress> seeds = List.of();
  private Set<NodeRole> roles = EnumSet.allOf(NodeRole.class);
  private Optional<StoreSettings> database = Optional.empty();
  private Duration drainWindow = Duration.ofSeconds(5);

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

  public TestSettings registrationsPerId(int limit) {
    registrationsPerId = limit;
    return this;
  }

  public TestSettings newIdsPerAddress(int limit) {
    newIdsPerAddress = limit;
    return this;
  }

  public TestSettings newIds(int perSecond, int burst) {
    newIds = new NewIdLimits(perSecond, burst, 50_000, 0, Duration.ofDays(7), Enrolment.OPEN);
    return this;
  }

  public TestSettings enrolment(Enrolment which) {
    newIds = new NewIdLimits(1_000, 20_000, 50_000, 0, Duration.ofDays(7), which);
    return this;
  }

  public TestSettings exempt(String network) {
    exempt = List.of(Cidr.parse("exempt-networks", network));
    return this;
  }

  public TestSettings onlineIdsPerMinute(int limit) {
    onlineIdsPerMinute = limit;
    return this;
  }

  public TestSettings connections(int perAddress, int total) {
    connectionsPerAddress = perAddress;
    maxConnections = total;
    return this;
  }

  public TestSettings console(ConsoleMode mode) {
    console = mode;
    return this;
  }

  public TestSettings proxiesWithHeader(String... networks) {
    List<Cidr> trusted =
        Arrays.stream(networks).map(text -> Cidr.parse("trusted-proxies", text)).toList();
    proxies = new ProxySettings(trusted, true, Set.of());
    return this;
  }

  public TestSettings proxies(String... networks) {
    proxies = new ProxySettings(proxiesWithHeader(networks).proxies.trusted(), false, Set.of());
    return this;
  }

  public TestSettings tls(Path folder) {
    tls = Optional.of(new TlsSettings(folder.resolve("chain.pem"), folder.resolve("key.pem")));
    return this;
  }

  public TestSettings onePort() {
    onePort = true;
    return this;
  }

  public TestSettings apiPort(boolean isRequired) {
    apiPort = port -> new EntranceSettings.ApiPort(port - 2, isRequired);
    return this;
  }

  public TestSettings drainWindow(Duration window) {
    drainWindow = window;
    return this;
  }

  public TestSettings keepAlive(Duration silence) {
    keepAlive = silence;
    return this;
  }

  public TestSettings relayHandshake(Duration within) {
    relayHandshake = within;
    return this;
  }

  public TestSettings relayWrite(Duration patience) {
    relayWrite = patience;
    return this;
  }

  public TestSettings singleBandwidth(double megabits) {
    singleBandwidth = megabits;
    return this;
  }

  public TestSettings withoutChangeOfId() {
    changeId = false;
    return this;
  }

  public TestSettings access(AccessMode mode) {
    access = mode;
    return this;
  }

  public TestSettings member(String ip, int ofCluster, InetSocketAddress... seedNodes) {
    bind = ip;
    clusterPort = ofCluster;
    seeds = List.of(seedNodes);
    return this;
  }

  public TestSettings management() {
    management = true;
    return this;
  }

  public TestSettings database(String url) {
    database = Optional.of(TestPostgres.settings(url));
    return this;
  }

  public TestSettings roles(NodeRole... some) {
    roles = Set.of(some);
    return this;
  }

  public TestSettings relayName(String name) {
    relayName = name;
    return this;
  }

  private ClusterSettings cluster() {
    return new ClusterSettings(
        "rallypoint", bind, clusterPort, 0, seeds, roles, DERIVED, drainWindow, 100);
  }

  /** The settings for a node on this port, its relay on the next. */
  public NodeSettings on(int port) {
    ConnectionLimits connections =
        new ConnectionLimits(connectionsPerAddress, maxConnections, List.of());
    data.toFile().mkdirs();
    return new NodeSettings(
        data,
        new KeySettings("-", "", ""),
        bind,
        new RendezvousSettings(
            port,
            relayServers,
            alwaysUseRelay,
            List.of(),
            "",
            0,
            offlineAfter,
            firstFrame,
            Duration.ofSeconds(60),
            new RegistrationLimits(
                registrationsPerAddress,
                newIdsPerAddress,
                newIds,
                registrationsPerId,
                Duration.ofSeconds(6),
                exempt),
            connections,
            10_000,
            onlineIdsPerMinute,
            new LinkSettings(keepAlive, 1 << 20, changeId, access)),
        new RelaySettings(
            port + 1,
            relayName,
            new BandwidthSettings(singleBandwidth, 100_000, 32, 0.66, Duration.ofMinutes(30)),
            relayHandshake,
            Duration.ofSeconds(30),
            Duration.ofSeconds(60),
            Duration.ofHours(1),
            relayWrite,
            1_000,
            connections,
            0,
            SPLICE),
        database.orElseGet(() -> new SqliteSettings(data.resolve("db_v2.sqlite3"))),
        new EntranceSettings(proxies, tls, onePort ? port + 4 : 0, apiPort.apply(port)),
        cluster(),
        new ManagementSettings(
            management ? port + 5 : 0, bind.isEmpty() ? "127.0.0.1" : bind, console));
  }
}
