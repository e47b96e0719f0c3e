package dev.rallypoint.config;

import com.typesafe.config.Config;
import java.time.Duration;
import java.util.List;

/**
 * The ID server's settings.
 *
 * @param port P: TCP and UDP; P-1 is the NAT test, P+2 the WebSocket port
 * @param relayServers host or host:port of relays handed to clients; empty lets each client use the
 *     ID server's own host with port P+1
 * @param alwaysUseRelay never let two peers connect directly
 * @param lan networks whose clients are on the operator's own LAN (hbbs {@code --mask})
 * @param localIp the relay name given to a peer in {@code lan} when the other is outside, or empty
 * @param receiveBuffer bytes of kernel receive buffer for UDP, 0 for as many as the system allows,
 *     up to 8 MiB
 * @param offlineAfter how long after its last heartbeat a peer counts as online
 * @param firstFrame how long a connection may stay silent before its first frame, and how long its
 *     answers may stay unread
 * @param pending how long a connection may wait once a punch is pending
 * @param registration the limits on registrations
 * @param connections the limits on TCP connections
 * @param maxOnlineQuery how many ids one online query may name
 * @param onlineIdsPerMinute how many ids the online queries of one host may name in a minute
 * @param links what connections may be used for besides
 * @param access who may control a device
 */
public record RendezvousSettings(
    int port,
    List<String> relayServers,
    boolean alwaysUseRelay,
    List<Cidr> lan,
    String localIp,
    int receiveBuffer,
    Duration offlineAfter,
    Duration firstFrame,
    Duration pending,
    RegistrationLimits registration,
    ConnectionLimits connections,
    int maxOnlineQuery,
    int onlineIdsPerMinute,
    LinkSettings links,
    AccessMode access) {

  public RendezvousSettings {
    Checks.port("port", port, 3, 65_533);
    Checks.range("rmem", receiveBuffer, 0, 1 << 30);
    Checks.range("offline-after", offlineAfter, Duration.ofSeconds(15), Duration.ofHours(1));
    Checks.range("first-frame-timeout", firstFrame, Duration.ofSeconds(1), Duration.ofMinutes(1));
    Checks.range("pending-timeout", pending, Duration.ofSeconds(30), Duration.ofMinutes(5));
    Checks.range("max-online-query", maxOnlineQuery, 1, 100_000);
    Checks.range("online-ids-per-minute", onlineIdsPerMinute, 1, 100_000_000);
    relayServers = List.copyOf(relayServers);
    lan = List.copyOf(lan);
  }

  /** The settings of the ID server. */
  public static RendezvousSettings from(Config config) {
    SettingReader read = new SettingReader(config);
    return new RendezvousSettings(
        read.number("port"),
        read.hosts("relay-servers"),
        read.yes("always-use-relay"),
        read.networks("mask"),
        read.host("local-ip"),
        read.number("rmem"),
        read.time("offline-after"),
        read.time("first-frame-timeout"),
        read.time("pending-timeout"),
        RegistrationLimits.from(config),
        ConnectionLimits.from(config),
        read.number("max-online-query"),
        read.number("online-ids-per-minute"),
        LinkSettings.from(config),
        AccessMode.from(read));
  }

  /** The port of the NAT test, the online query and the text console. */
  public int natTestPort() {
    return port - 1;
  }

  /** The port for WebSocket connections. */
  public int webSocketPort() {
    return port + 2;
  }
}
