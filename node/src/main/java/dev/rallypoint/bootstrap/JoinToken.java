package dev.rallypoint.bootstrap;

import dev.rallypoint.store.SharedDatabase;
import java.time.Duration;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;

/**
 * Proves that two nodes have one database: a node that wants to join writes a token that is new,
 * and the node that it asks looks for the token in its own database. The id of the database proves
 * nothing, because a restored backup has it too.
 *
 * <p>The token is a row of the table of leases, which no other node looks for. It ends after a few
 * minutes, so that the tokens of killed nodes do not stay.
 *
 * @param value the name of the row
 */
record JoinToken(String value) {
  private static final String PREFIX = "join-";
  private static final Duration VALID = Duration.ofMinutes(10);

  private static final String WRITE =
      """
      insert into cluster_lease (name, owner, expires)
      values (?, ?, clock_timestamp() + make_interval(secs => ?))
      on conflict (name) do update set expires = excluded.expires
      """;

  private static final String DELETE_EXPIRED =
      "delete from cluster_lease where name like 'join-%' and expires < clock_timestamp()";

  /** A token that no database has yet. */
  static JoinToken random() {
    return new JoinToken(PREFIX + UUID.randomUUID());
  }

  /** Writes the token, or extends its time, and deletes tokens that have expired. */
  void write(Jdbi jdbi, String owner) {
    jdbi.useTransaction(handle -> {
      handle.execute(DELETE_EXPIRED);
      handle.execute(WRITE, value, owner, (double) VALID.toSeconds());
    });
  }

  /** Deletes the token. */
  void delete(Jdbi jdbi) {
    jdbi.useHandle(handle -> handle.execute("delete from cluster_lease where name = ?", value));
  }

  /**
   * Whether this database, which may not answer, has the token. Blocks for some seconds at most.
   */
  DatabaseMatch lookIn(SharedDatabase database) {
    if (!value.startsWith(PREFIX)) {
      return DatabaseMatch.OTHER;
    }
    try {
      return database
              .jdbi()
              .withHandle(handle ->
                  handle
                      .select("select exists (select 1 from cluster_lease where name = ?)", value)
                      .mapTo(Boolean.class)
                      .one())
          ? DatabaseMatch.COMMON
          : DatabaseMatch.OTHER;
    } catch (JdbiException e) {
      return DatabaseMatch.UNKNOWN;
    }
  }
}
