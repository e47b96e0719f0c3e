package dev.rallypoint.forming;

import dev.rallypoint.protocol.identity.SigningKey;
import dev.rallypoint.store.SharedDatabase;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** The key pair that all nodes of a cluster sign with, in the database that they share. */
public final class SharedKey {
  private final Jdbi jdbi;
  private final String cluster;

  private SharedKey(Jdbi jdbi, String cluster) {
    this.jdbi = jdbi;
    this.cluster = cluster;
  }

  /** That of a cluster. */
  public static SharedKey in(SharedDatabase database, String cluster) {
    return new SharedKey(database.jdbi(), cluster);
  }

  /** The pair, or empty when no node has brought one yet. */
  public Optional<SigningKey> find() {
    return jdbi.withHandle(this::find);
  }

  /** Brings a pair, and returns the one that counts: that of the first node that brought one. */
  public SigningKey bring(SigningKey pair) {
    return jdbi.withHandle(handle -> {
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

  private Optional<SigningKey> find(Handle handle) {
    return handle
        .createQuery("select secret from cluster_key where cluster = :cluster")
        .bind("cluster", cluster)
        .mapTo(String.class)
        .findOne()
        .map(text ->
            SigningKey.parse(text)
                .orElseThrow(
                    () -> new IllegalStateException("the pair in cluster_key is damaged")));
  }
}
