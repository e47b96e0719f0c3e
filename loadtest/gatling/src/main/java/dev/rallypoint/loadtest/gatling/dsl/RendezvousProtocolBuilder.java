package dev.rallypoint.loadtest.gatling.dsl;

import dev.rallypoint.loadtest.gatling.engine.RendezvousSettings;
import dev.rallypoint.loadtest.gatling.figures.Limit;
import dev.rallypoint.loadtest.gatling.link.ClientSettings;
import dev.rallypoint.loadtest.gatling.link.ServerAddress;
import dev.rallypoint.loadtest.gatling.link.SourceAddresses;
import dev.rallypoint.loadtest.peer.settings.ClientVersion;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The settings of the protocol: {@code rendezvous.server("127.0.0.1").key("...")}. Each method
 * gives a new builder.
 */
public final class RendezvousProtocolBuilder extends RendezvousSettings {
  /** This system property allows a target that is neither loopback nor private. */
  public static final String PUBLIC_TARGET = "rallypoint.load.publicTarget";

  /** This system property is added to the numbers of users: each generator has its own. */
  public static final String USER_OFFSET = "rallypoint.load.userOffset";

  static final RendezvousProtocolBuilder DEFAULTS = new RendezvousProtocolBuilder();

  private List<String> hosts = List.of();
  private int port = 21116;
  private Optional<Integer> relayPort = Optional.empty();
  private String key = "";
  private SourceAddresses sources = SourceAddresses.SYSTEM;
  private ClientVersion version = ClientVersion.NEWEST;
  private Duration timeout = Duration.ofSeconds(3);
  private boolean answersPushes = true;
  private boolean joinsRelays = true;
  private List<Limit> limits = List.of();

  private RendezvousProtocolBuilder() {}

  private RendezvousProtocolBuilder(RendezvousProtocolBuilder other) {
    this.hosts = other.hosts;
    this.port = other.port;
    this.relayPort = other.relayPort;
    this.key = other.key;
    this.sources = other.sources;
    this.version = other.version;
    this.timeout = other.timeout;
    this.answersPushes = other.answersPushes;
    this.joinsRelays = other.joinsRelays;
    this.limits = other.limits;
  }

  /** The server: a name or an ip, with a port ({@code host:21116}) or without. */
  public RendezvousProtocolBuilder server(String host) {
    return servers(List.of(host));
  }

  /** The nodes of a cluster; users are spread over them in turn, see {@link RegisterStep#at}. */
  public RendezvousProtocolBuilder servers(List<String> nodes) {
    RendezvousProtocolBuilder copy = new RendezvousProtocolBuilder(this);
    copy.hosts = List.copyOf(nodes);
    return copy;
  }

  /** The port of the ID server where the server has none of its own; default 21116. */
  public RendezvousProtocolBuilder port(int idServer) {
    RendezvousProtocolBuilder copy = new RendezvousProtocolBuilder(this);
    copy.port = idServer;
    return copy;
  }

  /** The port of the relay; default the one after the ID server's. */
  public RendezvousProtocolBuilder relayPort(int relay) {
    RendezvousProtocolBuilder copy = new RendezvousProtocolBuilder(this);
    copy.relayPort = Optional.of(relay);
    return copy;
  }

  /**
   * The access key as users type it. With the server's public key, answers are checked with it and
   * connections can be encrypted. Default none.
   */
  public RendezvousProtocolBuilder key(String accessKey) {
    RendezvousProtocolBuilder copy = new RendezvousProtocolBuilder(this);
    copy.key = accessKey;
    return copy;
  }

  /**
   * The own addresses of the simulated clients, used in turn; at most 5,000 registered peers get
   * the same. Default what the system chooses, without a limit.
   *
   * @param first the first IPv4 address, such as 127.18.0.1
   * @param count how many, those that end with 0 or 255 left out
   */
  public RendezvousProtocolBuilder sourceAddresses(String first, int count) {
    RendezvousProtocolBuilder copy = new RendezvousProtocolBuilder(this);
    copy.sources = SourceAddresses.from(first, count);
    return copy;
  }

  /** The version of the clients; default 1.4.9. */
  public RendezvousProtocolBuilder version(String client) {
    RendezvousProtocolBuilder copy = new RendezvousProtocolBuilder(this);
    copy.version = ClientVersion.parse(client);
    return copy;
  }

  /** How long an answer may take where a step says nothing else; default 3 s. */
  public RendezvousProtocolBuilder timeout(Duration limit) {
    RendezvousProtocolBuilder copy = new RendezvousProtocolBuilder(this);
    copy.timeout = limit;
    return copy;
  }

  /** Registered peers leave pushes unanswered, as devices that hang. */
  public RendezvousProtocolBuilder withoutPushAnswers() {
    RendezvousProtocolBuilder copy = new RendezvousProtocolBuilder(this);
    copy.answersPushes = false;
    return copy;
  }

  /** Registered peers agree to relays, but do not connect to them. */
  public RendezvousProtocolBuilder withoutRelayConnections() {
    RendezvousProtocolBuilder copy = new RendezvousProtocolBuilder(this);
    copy.joinsRelays = false;
    return copy;
  }

  /** Limits that the launcher judges after the run, beside Gatling's assertions. */
  public RendezvousProtocolBuilder limits(Limit... more) {
    RendezvousProtocolBuilder copy = new RendezvousProtocolBuilder(this);
    List<Limit> all = new ArrayList<>(limits);
    all.addAll(List.of(more));
    copy.limits = List.copyOf(all);
    return copy;
  }

  @Override
  protected ClientSettings settings() {
    return new ClientSettings(
        hosts.stream().map(this::address).toList(),
        key,
        sources,
        version,
        timeout,
        answersPushes,
        joinsRelays,
        Long.getLong(USER_OFFSET, 0));
  }

  @Override
  protected List<Limit> limits() {
    return limits;
  }

  private ServerAddress address(String host) {
    int colon = host.lastIndexOf(':');
    boolean hasPort = colon > 0 && (host.indexOf(':') == colon || host.charAt(colon - 1) == ']');
    String name = hasPort ? host.substring(0, colon) : host;
    int idPort = hasPort ? Integer.parseInt(host.substring(colon + 1)) : port;
    try {
      InetAddress ip = InetAddress.getByName(name);
      if (!isOwnNetwork(ip) && !Boolean.getBoolean(PUBLIC_TARGET)) {
        throw new IllegalArgumentException(
            name
                + " is neither loopback nor private: load on it needs -D"
                + PUBLIC_TARGET
                + "=true");
      }
      return new ServerAddress(ip, idPort, relayPort.orElse(idPort + 1));
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("no such server: " + name, e);
    }
  }

  /** Loopback, private (RFC 1918), unique local (RFC 4193) or link-local. */
  public static boolean isOwnNetwork(InetAddress ip) {
    boolean isUniqueLocal = ip.getAddress().length == 16 && (ip.getAddress()[0] & 0xFE) == 0xFC;
    return ip.isLoopbackAddress()
        || ip.isSiteLocalAddress()
        || ip.isLinkLocalAddress()
        || isUniqueLocal;
  }
}
