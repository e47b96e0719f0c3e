package dev.rallypoint.config;

import com.typesafe.config.Config;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The files of the certificate that a node shows the others, and of the authority that signed
 * theirs; all in PEM.
 *
 * @param certificate the chain, the node's own certificate first
 * @param key its private key, not encrypted
 * @param authority the certificates that the others' must be signed by
 */
public record ClusterTls(Path certificate, Path key, Path authority) implements ClusterSecurity {
  /** The name of the setting for the chain. */
  public static final String CERTIFICATE = "cluster-tls-certificate";

  /** The name of the setting for the key. */
  public static final String KEY = "cluster-tls-key";

  /** The name of the setting for the authority. */
  public static final String AUTHORITY = "cluster-tls-ca";

  /** The files when they are set, which they are all together or not at all. */
  static Optional<ClusterTls> from(Config config, Path data) {
    SettingReader read = new SettingReader(config);
    List<String> names = List.of(CERTIFICATE, KEY, AUTHORITY);
    List<String> written = names.stream().filter(name -> !read.text(name).isEmpty()).toList();
    if (written.isEmpty()) {
      return Optional.empty();
    }
    for (String name : names) {
      if (!written.contains(name)) {
        throw new SettingException(
            written.getFirst(), read.text(written.getFirst()), "set " + name + " too, or none");
      }
    }
    return Optional.of(
        new ClusterTls(
            read.path(CERTIFICATE, data), read.path(KEY, data), read.path(AUTHORITY, data)));
  }
}
