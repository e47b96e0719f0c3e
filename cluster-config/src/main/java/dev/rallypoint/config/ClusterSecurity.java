package dev.rallypoint.config;

import com.typesafe.config.Config;
import java.nio.file.Path;
import java.util.Optional;

/** How nodes know each other, and whether others can read what they send. */
public sealed interface ClusterSecurity
    permits ClusterSecurity.DerivedTls, ClusterSecurity.Plaintext, ClusterTls {
  /** The name of the setting for {@link Plaintext}. */
  String PLAINTEXT = "cluster-plaintext";

  /** TLS with certificates that each node makes from the key pair that all of them have. */
  record DerivedTls() implements ClusterSecurity {}

  /** No TLS: nodes take connections from anybody. */
  record Plaintext() implements ClusterSecurity {}

  /**
   * What is written.
   *
   * @param data the folder that relative paths start from
   * @throws SettingException when both certificates and no TLS are written
   */
  static ClusterSecurity from(Config config, Path data) {
    Optional<ClusterTls> files = ClusterTls.from(config, data);
    boolean isPlaintext = new SettingReader(config).yes(PLAINTEXT);
    if (isPlaintext && files.isPresent()) {
      throw new SettingException(
          PLAINTEXT, "Y", "set it or " + ClusterTls.CERTIFICATE + ", not both");
    }
    return files
        .<ClusterSecurity>map(written -> written)
        .orElseGet(() -> isPlaintext ? new Plaintext() : new DerivedTls());
  }
}
