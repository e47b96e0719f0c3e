package dev.rallypoint.store.account;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Statements on the tokens of clients that are logged in. Times are milliseconds since 1970. */
public final class TokenTable {
  private TokenTable() {}

  /**
   * A token, without the token itself.
   *
   * @param user the guid of its user
   * @param device where the user has logged in
   * @param createdAt when
   * @param lastUsedAt when it was last used, to the hour
   */
  public record Token(String guid, String user, Device device, long createdAt, long lastUsedAt) {}

  /**
   * The device that a client told of itself when its user logged in.
   *
   * @param uuid in base64
   * @param client its system and kind
   * @param ip where the log-in came from
   */
  public record Device(String id, String uuid, String client, String ip) {}

  /**
   * Stores a token. It takes the place of the one that the device had of this user; of all of a
   * user's tokens those used last are kept.
   *
   * @param most how many are kept
   * @return how many others have ended by it
   */
  public static int insert(Handle handle, User user, String hash, Token token, int most) {
    int ended =
        handle
            .createUpdate(
                """
                delete from api_token where user_guid = :user and device_id = :id
                  and device_uuid = :uuid and client = :client
                """)
            .bind("user", user.guid())
            .bind("id", token.device().id())
            .bind("uuid", token.device().uuid())
            .bind("client", token.device().client())
            .execute();
    ended +=
        handle
            .createUpdate(
                """
                delete from api_token where user_guid = :user and guid not in (
                  select guid from api_token where user_guid = :user
                  order by last_used_at desc, guid desc limit :most)
                """)
            .bind("user", user.guid())
            .bind("most", most - 1)
            .execute();
    handle
        .createUpdate(
            """
            insert into api_token (guid, org, token_hash, user_guid, device_id, device_uuid, client,
              ip, created_at, last_used_at)
            values (:guid, :org, :hash, :user, :id, :uuid, :client, :ip, :now, :now)
            """)
        .bind("guid", token.guid())
        .bind("org", user.org())
        .bind("hash", hash)
        .bind("user", user.guid())
        .bind("id", token.device().id())
        .bind("uuid", token.device().uuid())
        .bind("client", token.device().client())
        .bind("ip", token.device().ip())
        .bind("now", token.createdAt())
        .execute();
    return ended;
  }

  /** The token of a hash, if it was used since. */
  public static Optional<Token> find(Handle handle, String hash, long usedSince) {
    return handle
        .createQuery("select * from api_token where token_hash = :hash and last_used_at >= :since")
        .bind("hash", hash)
        .bind("since", usedSince)
        .map((rows, context) -> token(rows))
        .findOne();
  }

  /** Notes that a token was used. */
  public static void setUsed(Handle handle, String guid, long now) {
    handle
        .createUpdate("update api_token set last_used_at = :now where guid = :guid")
        .bind("guid", guid)
        .bind("now", now)
        .execute();
  }

  /** The tokens of a user, those used last first. */
  public static List<Token> list(Handle handle, String user) {
    return handle
        .createQuery("select * from api_token where user_guid = :user order by last_used_at desc")
        .bind("user", user)
        .map((rows, context) -> token(rows))
        .list();
  }

  /** Ends one token; false when there is none of this hash. */
  public static boolean delete(Handle handle, String hash) {
    return handle
            .createUpdate("delete from api_token where token_hash = :hash")
            .bind("hash", hash)
            .execute()
        == 1;
  }

  /** Ends all tokens of a user; returns how many. */
  public static int deleteAll(Handle handle, String user) {
    return handle
        .createUpdate("delete from api_token where user_guid = :user")
        .bind("user", user)
        .execute();
  }

  private static Token token(ResultSet rows) throws SQLException {
    return new Token(
        rows.getString("guid"),
        rows.getString("user_guid"),
        new Device(
            rows.getString("device_id"),
            rows.getString("device_uuid"),
            rows.getString("client"),
            rows.getString("ip")),
        rows.getLong("created_at"),
        rows.getLong("last_used_at"));
  }
}
