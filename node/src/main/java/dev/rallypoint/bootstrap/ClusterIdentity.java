package dev.rallypoint.bootstrap;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
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
 * @param access a fingerprint of what clients must send
 * @param database which database it shares with the others, or {@code none}
 */
public record ClusterIdentity(String cluster, String key, String access, String database) {
  static final String CLUSTER = "rallypoint-identity.cluster";
  static final String KEY = "rallypoint-identity.key";
  static final String ACCESS = "rallypoint-identity.access";

  static final String DATABASE = "rallypoint-identity.database";

  /**
   * All of it, as names in Pekko's configuration. One more would make a new node refuse a cluster
   * of an earlier version, which does not have it, and so end upgrades node by node.
   */
  static final List<String> NAMES = List.of(CLUSTER, KEY, ACCESS, DATABASE);

  private static final String NONE = "none";
  private static final int FINGERPRINT = 8;

  /**
   * The identity of a node without a shared database.
   *
   * @param publicKey what it signs with, if it signs
   * @param accessText what clients must send, which may be a secret
   */
  public static ClusterIdentity of(String cluster, Optional<String> publicKey, String accessText) {
    return new ClusterIdentity(cluster, publicKey.orElse(NONE), fingerprint(accessText), NONE);
  }

  /** This identity with a shared database. */
  ClusterIdentity in(String sharedDatabase) {
    return new ClusterIdentity(cluster, key, access, sharedDatabase);
  }

  /** The first difference between this node and another one; empty when there is none. */
  Optional<Difference> differenceTo(ClusterIdentity other) {
    if (!cluster.equals(other.cluster)) {
      return Optional.of(
          new Difference(
              "cluster-name",
              cluster,
              "is of the cluster " + other.cluster + "; write the same name on all nodes"));
    }
    if (!key.equals(other.key)) {
      return Optional.of(
          new Difference(
              "key",
              "the pair of " + key,
              "has the pair of " + other.key + "; give all nodes the same id_ed25519"));
    }
    if (!access.equals(other.access)) {
      return Optional.of(
          new Difference(
              "key",
              "fingerprint " + access,
              "asks clients for another key, fingerprint "
                  + other.access
                  + "; write the same key on all nodes"));
    }
    if (!database.equals(other.database)) {
      return Optional.of(
          new Difference(
              StoreSettings.DB_URL,
              "the database " + database,
              "has another database, " + other.database + "; write the same db-url on all nodes"));
    }
    return Optional.empty();
  }

  /**
   * A difference to another node.
   *
   * @param setting the setting that makes the difference
   * @param own the value of this node
   * @param mend the value of the other node and what to do; follows the address of the other node
   */
  record Difference(String setting, String own, String mend) {}

  Config config() {
    return ConfigFactory.parseMap(
        Map.of(CLUSTER, cluster, KEY, key, ACCESS, access, DATABASE, database));
  }

  private static String fingerprint(String text) {
    if (text.isEmpty()) {
      return NONE;
    }
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(("rallypoint access " + text).getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, FINGERPRINT);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }
}
