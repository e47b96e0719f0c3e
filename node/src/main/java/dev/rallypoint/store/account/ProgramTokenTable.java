package dev.rallypoint.store.account;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Statements on the tokens of programs. Times are milliseconds since 1970. */
public final class ProgramTokenTable {
  private ProgramTokenTable() {}

  /**
   * A token, without the token itself.
   *
   * @param scopes what it is good for, as text
   * @param lastUsedAt when it was last used, to the hour; empty for never
   */
  public record ProgramToken(
      String guid,
      String org,
      String name,
      String scopes,
      long createdAt,
      Optional<Long> lastUsedAt,
      long expiresAt) {}

  /** Stores a token; false when its name is taken. */
  public static boolean insert(Handle handle, ProgramToken token, String nameKey, String hash) {
    return handle
            .createUpdate(
                """
                insert into api_program_token (guid, org, token_hash, name, name_key, scopes,
                  created_at, expires_at)
                values (:guid, :org, :hash, :name, :nameKey, :scopes, :created, :expires)
                on conflict do nothing
                """)
            .bind("guid", token.guid())
            .bind("org", token.org())
            .bind("hash", hash)
            .bind("name", token.name())
            .bind("nameKey", nameKey)
            .bind("scopes", token.scopes())
            .bind("created", token.createdAt())
            .bind("expires", token.expiresAt())
            .execute()
        == 1;
  }

  /** The token of a hash, if it has not expired. */
  public static Optional<ProgramToken> find(Handle handle, String hash, long now) {
    return handle
        .createQuery(
            "select * from api_program_token where token_hash = :hash and expires_at > :now")
        .bind("hash", hash)
        .bind("now", now)
        .map((rows, context) -> token(rows))
        .findOne();
  }

  /** Notes that a token was used. */
  public static void setUsed(Handle handle, String guid, long now) {
    handle
        .createUpdate("update api_program_token set last_used_at = :now where guid = :guid")
        .bind("guid", guid)
        .bind("now", now)
        .execute();
  }

  /** All tokens in the order of their names, expired ones too. */
  public static List<ProgramToken> list(Handle handle, String org) {
    return handle
        .createQuery("select * from api_program_token where org = :org order by name_key")
        .bind("org", org)
        .map((rows, context) -> token(rows))
        .list();
  }

  /** How many tokens there are. */
  public static int size(Handle handle, String org) {
    return handle
        .createQuery("select count(*) from api_program_token where org = :org")
        .bind("org", org)
        .mapTo(Integer.class)
        .one();
  }

  /** Ends a token; false when there is none of this name. */
  public static boolean delete(Handle handle, String org, String nameKey) {
    return handle
            .createUpdate("delete from api_program_token where org = :org and name_key = :nameKey")
            .bind("org", org)
            .bind("nameKey", nameKey)
            .execute()
        == 1;
  }

  private static ProgramToken token(ResultSet rows) throws SQLException {
    long used = rows.getLong("last_used_at");
    Optional<Long> lastUsedAt = rows.wasNull() ? Optional.empty() : Optional.of(used);
    return new ProgramToken(
        rows.getString("guid"),
        rows.getString("org"),
        rows.getString("name"),
        rows.getString("scopes"),
        rows.getLong("created_at"),
        lastUsedAt,
        rows.getLong("expires_at"));
  }
}
