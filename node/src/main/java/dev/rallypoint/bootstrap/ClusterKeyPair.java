package dev.rallypoint.bootstrap;

import dev.rallypoint.config.SettingException;
import dev.rallypoint.protocol.identity.SigningKey;
import dev.rallypoint.store.SharedDatabase;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.JdbiException;

/** The key pair that all nodes of a cluster sign with, in the database that they share. */
public record ClusterKeyPair(SharedDatabase database, String cluster) {

  /**
   * The pair, or empty when no node has written one yet.
   *
   * @throws SettingException when the database does not answer, or is another cluster's
   */
  public Optional<SigningKey> find() {
    return ask(handle -> {
      name().check(handle);
      return find(handle);
    });
  }

  /**
   * Writes a pair if there is none, and returns the pair of the cluster: the first one written.
   *
   * @throws SettingException when the database does not accept it, or is another cluster's
   */
  public SigningKey putIfAbsent(SigningKey pair) {
    return ask(handle -> {
      name().claim(handle);
      handle.execute(
          "insert into cluster_key (cluster, secret) values (?, ?) on conflict (cluster) do nothing",
          cluster,
          pair.secretText());
      return find(handle).orElse(pair);
    });
  }

  private ClusterName name() {
    return new ClusterName(cluster, JoinTimeouts.USUAL.stale());
  }

  /** The refusal has no cause: an operator gets one line, and no log shows a secret. */
  private <T> T ask(HandleCallback<T, RuntimeException> question) {
    try {
      return database.jdbi().inTransaction(question);
    } catch (JdbiException e) {
      throw database.refusal(e);
    }
  }

  private Optional<SigningKey> find(Handle handle) {
    return handle
        .select("select secret from cluster_key where cluster = ?", cluster)
        .mapTo(String.class)
        .findOne()
        .map(text -> SigningKey.parse(text).orElseThrow(this::damaged));
  }

  private SettingException damaged() {
    return new SettingException(
        "cluster_key",
        "...",
        ("the key pair of the cluster %s in this table of the database is damaged; bring"
                + " the table back from a backup, or empty it to serve with the pair of a data"
                + " folder")
            .formatted(cluster));
  }
}
