package dev.rallypoint.config;

import com.typesafe.config.Config;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How connections come in, on whatever port.
 *
 * @param proxies the proxies in front of the node
 * @param tls the certificate's files; without them the node speaks no TLS
 * @param httpsPort the one port for WebSocket clients of the ID server and the relay, 0 for none
 */
public record EntranceSettings(ProxySettings proxies, Optional<TlsSettings> tls, int httpsPort) {
  /** Straight connections only, without TLS. */
  public static final EntranceSettings PLAIN =
      new EntranceSettings(ProxySettings.NONE, Optional.empty(), 0);

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
   */
  public static EntranceSettings from(Config config, Path data) {
    return new EntranceSettings(
        ProxySettings.from(config),
        TlsSettings.from(config, data),
        new SettingReader(config).number(HTTPS_PORT));
  }
}
