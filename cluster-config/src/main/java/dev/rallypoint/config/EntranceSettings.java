package dev.rallypoint.config;

import com.typesafe.config.Config;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * How connections come in, on whatever port.
 *
 * @param proxies the proxies in front of the node
 * @param tls the certificate's files; without them the node speaks no TLS
 * @param httpsPort the one port for WebSocket clients of the ID server and the relay, 0 for none
 * @param apiPort the port where clients look for an HTTP API
 */
public record EntranceSettings(
    ProxySettings proxies, Optional<TlsSettings> tls, int httpsPort, ApiPort apiPort) {
  /** Straight connections only, without TLS. */
  public static final EntranceSettings PLAIN =
      new EntranceSettings(ProxySettings.NONE, Optional.empty(), 0, ApiPort.NONE);

  private static final String HTTPS_PORT = "https-port";

  public EntranceSettings {
    Checks.port(HTTPS_PORT, httpsPort, 0, 65_535);
    if (httpsPort != 0 && tls.isEmpty() && proxies.trusted().isEmpty()) {
      throw new SettingException(
          HTTPS_PORT,
          httpsPort,
          "set "
              + TlsSettings.CERTIFICATE
              + " and "
              + TlsSettings.KEY
              + ", or the proxy that speaks TLS in "
              + ProxySettings.TRUSTED);
    }
  }

  /**
   * The settings of the ways in.
   *
   * @param data the folder that relative paths start from
   * @param idServerPort the port that the default of {@code api-port} is counted from
   * @param taken the other TCP ports of the node
   */
  static EntranceSettings from(Config config, Path data, int idServerPort, Set<Integer> taken) {
    int httpsPort = new SettingReader(config).number(HTTPS_PORT);
    Set<Integer> all = new HashSet<>(taken);
    all.add(httpsPort);
    return new EntranceSettings(
        ProxySettings.from(config),
        TlsSettings.from(config, data),
        httpsPort,
        ApiPort.from(config, idServerPort, all));
  }

  /**
   * The port where clients look for the server's HTTP API.
   *
   * @param port the TCP port, 0 for none
   * @param isRequired whether an operator wrote it: then the node does not start without it. The
   *     default one is left to another program that listens there, such as an API server
   */
  public record ApiPort(int port, boolean isRequired) {
    /** No such port. */
    public static final ApiPort NONE = new ApiPort(0, false);

    /** The name of the setting. */
    static final String NAME = "api-port";

    private static final String AUTO = "auto";
    private static final int BEFORE_ID_SERVER = 2;

    public ApiPort {
      Checks.port(NAME, port, 0, 65_535);
    }

    /**
     * The settings of the port.
     *
     * @param idServerPort the port that the default is counted from, as clients do
     * @param taken what the node uses its other TCP ports for; the default gives way to these
     */
    private static ApiPort from(Config config, int idServerPort, Set<Integer> taken) {
      SettingReader read = new SettingReader(config);
      if (!read.text(NAME).equalsIgnoreCase(AUTO)) {
        int port = number(read);
        return new ApiPort(port, port != 0);
      }
      int port = idServerPort - BEFORE_ID_SERVER;
      return port < 1 || taken.contains(port) ? NONE : new ApiPort(port, false);
    }

    private static int number(SettingReader read) {
      try {
        return read.number(NAME);
      } catch (SettingException e) {
        throw new SettingException(NAME, read.text(NAME), "write a port, auto, or 0 for none");
      }
    }
  }
}
