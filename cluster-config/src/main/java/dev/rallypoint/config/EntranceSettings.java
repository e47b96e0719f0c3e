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
    ProxySettings proxies, Optional<TlsSettings> tls, int httpsPort, ApiPortSettings apiPort) {
  /** Straight connections only, without TLS. */
  public static final EntranceSettings PLAIN =
      new EntranceSettings(ProxySettings.NONE, Optional.empty(), 0, ApiPortSettings.NONE);

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
        ApiPortSettings.from(config, idServerPort, all));
  }
}
