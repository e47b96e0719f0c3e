package dev.rallypoint.app.doctor.client;

import dev.rallypoint.config.SettingException;
import dev.rallypoint.config.text.HostAndPort;

/**
 * The server as a user has it in a client.
 *
 * @param host a name or an ip
 * @param port of the ID server; the others are counted from it, as clients do
 * @param key what the user has as its key, or empty
 * @param web where a proxy listens for WebSocket clients that know the server by name
 */
public record ServerName(String host, int port, String key, WebPorts web) {
  private static final int ID_SERVER = 21116;

  /**
   * The ports of a proxy.
   *
   * @param plain of {@code ws://NAME/ws/id}
   * @param tls of {@code wss://NAME/ws/id}
   */
  public record WebPorts(int plain, int tls) {
    /** Where clients look. */
    public static final WebPorts USUAL = new WebPorts(80, 443);
  }

  /**
   * Reads what is on the command line.
   *
   * @param text host or host:port
   * @throws SettingException when it is neither
   */
  public static ServerName of(String text, String key, WebPorts web) {
    HostAndPort parsed =
        HostAndPort.parse(text)
            .orElseThrow(() -> new SettingException("HOST", text, HostAndPort.FORM));
    int port = parsed.port() == 0 ? ID_SERVER : parsed.port();
    return new ServerName(parsed.host(), port, key.strip(), web);
  }

  /** The port of the NAT test. */
  int natTestPort() {
    return port - 1;
  }

  /** The port where clients look for an HTTP API. */
  int apiPort() {
    return port - 2;
  }

  /** The port for WebSocket connections of the ID server. */
  int webSocketPort() {
    return port + 2;
  }

  /** The port of the relay where the server names none. */
  int relayPort() {
    return port + 1;
  }

  /** Whether it is an ip, for which clients use no proxy's paths. */
  boolean isIp() {
    return HostAndPort.looksLikeIp(host);
  }

  /** Without the key. */
  @Override
  public String toString() {
    return host + ":" + port;
  }
}
