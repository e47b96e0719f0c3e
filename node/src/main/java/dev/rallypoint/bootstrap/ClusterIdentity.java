package dev.rallypoint.bootstrap;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.rallypoint.cluster.MessageFormat;
import dev.rallypoint.config.ClusterSettings;
import dev.rallypoint.config.SettingException;
import dev.rallypoint.config.StoreSettings;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the nodes of one cluster must have in common. It contains no secret.
 *
 * @param cluster the name of the cluster
 * @param key the public key that clients verify with, or {@code none}
 * @param access a fingerprint of the key that clients must send, or {@code none}
 * @param database the id of the shared database, or {@code none}
 */
public record ClusterIdentity(String cluster, String key, String access, String database) {
  /**
   * All of it, as paths in Pekko's configuration. One more would make a new node refuse a cluster
   * of an earlier version, which does not have it, and so end upgrades node by node.
   */
  static final List<String> PATHS =
      List.of(
          "rallypoint-identity.cluster",
          "rallypoint-identity.key",
          "rallypoint-identity.access",
          "rallypoint-identity.database");

  private static final String NONE = "none";
  private static final int FINGERPRINT_BYTES = 8;

  /**
   * The identity of a node without a shared database.
   *
   * @param publicKey the key that it signs with, if it signs
   * @param accessText the key that clients must send, which may be a secret
   */
  public static ClusterIdentity of(String cluster, Optional<String> publicKey, String accessText) {
    return new ClusterIdentity(cluster, publicKey.orElse(NONE), fingerprint(accessText), NONE);
  }

  /** This identity with a shared database. */
  ClusterIdentity in(String sharedDatabase) {
    return new ClusterIdentity(cluster, key, access, sharedDatabase);
  }

  /** Why a node with this identity cannot join the cluster of another one; empty when it can. */
  Optional<SettingException> refusalBy(NodeIdentity other) {
    if (!MessageFormat.isUnderstoodBy(other.format())) {
      String advice =
          "speaks format %d; upgrade all nodes to the versions between them first, one after the"
              + " other, or stop all nodes and start them with one version";
      String own = "format " + MessageFormat.CURRENT + " of messages between nodes";
      return refusal("version", own, other, advice.formatted(other.format()));
    }
    if (!cluster.equals(other.cluster())) {
      String advice = "is of the cluster %s; write the same name on all nodes";
      return refusal(ClusterSettings.NAME, cluster, other, advice.formatted(other.cluster()));
    }
    if (!key.equals(other.key())) {
      String advice = "has the pair of %s; give all nodes the same id_ed25519";
      return refusal("key", "the pair of " + key, other, advice.formatted(other.key()));
    }
    if (!access.equals(other.access())) {
      String advice = "asks clients for the key with fingerprint %s; write one key on all nodes";
      return refusal("key", "fingerprint " + access, other, advice.formatted(other.access()));
    }
    if (!database.equals(other.database())) {
      String advice = "has another database, %s; write the same db-url on all nodes";
      String own = "the database " + database;
      return refusal(StoreSettings.DB_URL, own, other, advice.formatted(other.database()));
    }
    if (other.match() == DatabaseMatch.OTHER) {
      String advice =
          "has another database with this id, one is a copy of the other; write the same db-url on"
              + " all nodes";
      return refusal(StoreSettings.DB_URL, "the database " + database, other, advice);
    }
    return Optional.empty();
  }

  private static Optional<SettingException> refusal(
      String setting, String own, NodeIdentity other, String advice) {
    return Optional.of(
        new SettingException(setting, own, "the node " + other.address() + " " + advice));
  }

  /** The identity at its {@link #PATHS}. */
  Config config() {
    return ConfigFactory.parseMap(
            Map.of("cluster", cluster, "key", key, "access", access, "database", database))
        .atPath("rallypoint-identity");
  }

  private static String fingerprint(String text) {
    if (text.isEmpty()) {
      return NONE;
    }
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(("rallypoint access " + text).getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, FINGERPRINT_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }
}
