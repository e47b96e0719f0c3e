package dev.rallypoint.config;

import com.typesafe.config.Config;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The files of the node's certificate.
 *
 * @param certificate the chain in PEM, the node's own certificate first
 * @param key its private key in PEM, not encrypted
 */
public record TlsSettings(Path certificate, Path key) {
  /** The name of the setting for the chain. */
  public static final String CERTIFICATE = "tls-certificate";

  /** The name of the setting for the key. */
  public static final String KEY = "tls-key";

  /**
   * The files when they are set, which they are together or not at all.
   *
   * @param data the folder that relative paths start from
   */
  public static Optional<TlsSettings> from(Config config, Path data) {
    SettingReader read = new SettingReader(config);
    String certificate = read.text(CERTIFICATE);
    String key = read.text(KEY);
    if (certificate.isEmpty() && key.isEmpty()) {
      return Optional.empty();
    }
    if (certificate.isEmpty()) {
      throw new SettingException(KEY, key, "set " + CERTIFICATE + " too, or none");
    }
    if (key.isEmpty()) {
      throw new SettingException(CERTIFICATE, certificate, "set " + KEY + " too, or none");
    }
    return Optional.of(new TlsSettings(read.path(CERTIFICATE, data), read.path(KEY, data)));
  }
}
