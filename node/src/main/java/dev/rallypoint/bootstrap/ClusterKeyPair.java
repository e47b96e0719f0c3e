package dev.rallypoint.bootstrap;

import dev.rallypoint.config.SettingException;
import dev.rallypoint.protocol.identity.SigningKey;
import dev.rallypoint.store.SharedDatabase;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.JdbiException;

/** The key pair that all nodes of a cluster sign with, in the database that they share. */
public final class ClusterKeyPair {
  private final SharedDatabase database;
  private final String cluster;
  private final ClusterName name;

  private ClusterKeyPair(SharedDatabase database, String cluster) {
    this.database = database;
    this.cluster = cluster;
    this.name = new ClusterName(cluster, JoinTimeouts.USUAL.stale());
  }

  /** That of a cluster. */
  public static ClusterKeyPair in(SharedDatabase database, String cluster) {
    return new ClusterKeyPair(database, cluster);
  }

  /**
   * The pair, or empty when no node has brought one yet.
   *
   * @throws SettingException when the database does not tell, or is another cluster's
   */
  public Optional<SigningKey> find() {
    return ask(handle -> {
      name.check(handle);
      return find(handle);
    });
  }

  /**
   * Brings a pair, and returns the one that counts: that of the first node that brought one.
   *
   * @throws SettingException when the database does not take it, or is another cluster's
   */
  public SigningKey bring(SigningKey pair) {
    return ask(handle -> {
      name.claim(handle);
      handle
          .createUpdate(
              "insert into cluster_key (cluster, secret) values (:cluster, :secret)"
                  + " on conflict (cluster) do nothing")
          .bind("cluster", cluster)
          .bind("secret", pair.secretText())
          .execute();
      return find(handle).orElse(pair);
    });
  }

  /** No cause goes along: an operator gets one line, and nobody a secret. */
  private <T> T ask(HandleCallback<T, RuntimeException> question) {
    try {
      return database.jdbi().inTransaction(question);
    } catch (JdbiException e) {
      throw database.refusal(e);
    }
  }

  private Optional<SigningKey> find(Handle handle) {
    return handle
        .createQuery("select secret from cluster_key where cluster = :cluster")
        .bind("cluster", cluster)
        .mapTo(String.class)
        .findOne()
        .map(text ->
            SigningKey.parse(text)
                .orElseThrow(() ->
                    new SettingException(
                        "cluster_key",
                        "...",
                        "the key pair of the cluster "
                            + cluster
                            + " in this table of the database is damaged; bring the table back from"
                            + " a backup, or empty it to serve with the pair of a data folder")));
  }
}
