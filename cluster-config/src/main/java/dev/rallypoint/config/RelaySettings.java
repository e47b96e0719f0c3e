package dev.rallypoint.config;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * The relay's settings.
 *
 * @param port R, TCP; R+2 is the WebSocket port
 * @param ownName host or host:port under which clients reach this very node's relay, or empty when
 *     the nodes have no names of their own
 * @param bandwidth the caps on relayed bytes
 * @param handshake how long a connection may take to send its first frame
 * @param pairWait how long the first leg of a session waits for the second
 * @param idle a session without a byte in either direction for so long is cut
 * @param tunnelIdle the same for port-forward and RDP sessions
 * @param write a leg that takes none of the bytes waiting for it for so long ends its session;
 *     tunnels get {@code tunnelIdle}
 * @param waitingPerAddress legs of one ip that may wait for a partner at once
 * @param connections the limits on connections; one relayed session is two
 * @param loops selector threads that copy, 0 for one a core and four at most
 * @param splice whether bytes are moved by splice(2)
 */
public record RelaySettings(
    int port,
    String ownName,
    BandwidthSettings bandwidth,
    Duration handshake,
    Duration pairWait,
    Duration idle,
    Duration tunnelIdle,
    Duration write,
    int waitingPerAddress,
    ConnectionLimits connections,
    int loops,
    SpliceMode splice) {

  public RelaySettings {
    Checks.port("relay-port", port, 1, 65_533);
    Checks.range(
        "relay-handshake-timeout", handshake, Duration.ofSeconds(1), Duration.ofMinutes(1));
    Checks.range("relay-pair-wait", pairWait, Duration.ofSeconds(18), Duration.ofMinutes(5));
    Checks.range("relay-idle-timeout", idle, Duration.ofSeconds(30), Duration.ofDays(1));
    Checks.range(
        "relay-tunnel-idle-timeout", tunnelIdle, Duration.ofSeconds(30), Duration.ofDays(7));
    Checks.range("relay-write-timeout", write, Duration.ofSeconds(5), Duration.ofDays(1));
    Checks.range("relay-waiting-per-address", waitingPerAddress, 1, 10_000_000);
    Checks.range("relay-loops", loops, 0, 64);
  }

  /** The settings of the relay; its port is the one after the ID server's unless it is set. */
  public static RelaySettings from(Config config) {
    SettingReader read = new SettingReader(config);
    int port = read.number("relay-port");
    return new RelaySettings(
        port == 0 ? read.number("port") + 1 : port,
        read.host("relay-name"),
        BandwidthSettings.from(config),
        read.time("relay-handshake-timeout"),
        read.time("relay-pair-wait"),
        read.time("relay-idle-timeout"),
        read.time("relay-tunnel-idle-timeout"),
        read.time("relay-write-timeout"),
        read.number("relay-waiting-per-address"),
        ConnectionLimits.from(config),
        read.number("relay-loops"),
        splice(read));
  }

  private static SpliceMode splice(SettingReader read) {
    String text = read.text("relay-splice");
    if (text.equalsIgnoreCase("auto")) {
      return SpliceMode.AUTO;
    }
    try {
      return read.yes("relay-splice") ? SpliceMode.ON : SpliceMode.OFF;
    } catch (SettingException e) {
      throw new SettingException("relay-splice", text, "write auto, Y or N");
    }
  }

  /** The port for WebSocket connections. */
  public int webSocketPort() {
    return port + 2;
  }
}
