package dev.rallypoint.store.account;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Statements on invitations and set-up codes, which make a user once. Milliseconds since 1970. */
public final class InvitationTable {
  private InvitationTable() {}

  /**
   * An invitation, without its token.
   *
   * @param name the name of the user to be
   * @param group the name of his group
   */
  public record Invitation(
      String guid, String name, String email, String group, long createdAt, long expiresAt) {}

  /** Stores an invitation; false when there is no such group. */
  public static boolean insert(
      Handle handle, String org, Invitation invitation, String groupKey, String tokenHash) {
    return handle
            .createUpdate(
                """
                insert into api_invitation (guid, org, token_hash, name, email, user_group,
                  created_at, expires_at)
                select :guid, :org, :hash, :name, :email, guid, :created, :expires
                from api_user_group where org = :org and name_key = :groupKey
                """)
            .bind("guid", invitation.guid())
            .bind("org", org)
            .bind("hash", tokenHash)
            .bind("name", invitation.name())
            .bind("email", invitation.email())
            .bind("groupKey", groupKey)
            .bind("created", invitation.createdAt())
            .bind("expires", invitation.expiresAt())
            .execute()
        == 1;
  }

  /** The invitations that have not expired, the oldest first. */
  public static List<Invitation> list(Handle handle, String org, long now) {
    return handle
        .createQuery(
            """
            select i.*, g.name as group_name from api_invitation i
            join api_user_group g on g.guid = i.user_group
            where i.org = :org and i.expires_at > :now order by i.guid
            """)
        .bind("org", org)
        .bind("now", now)
        .map((rows, context) -> invitation(rows))
        .list();
  }

  /** The invitation of a token, if it has not expired. */
  public static Optional<Invitation> find(Handle handle, String tokenHash, long now) {
    return handle
        .createQuery(
            """
            select i.*, g.name as group_name from api_invitation i
            join api_user_group g on g.guid = i.user_group
            where i.token_hash = :hash and i.expires_at > :now
            """)
        .bind("hash", tokenHash)
        .bind("now", now)
        .map((rows, context) -> invitation(rows))
        .findOne();
  }

  /** Deletes an invitation; false when there is none of this guid. */
  public static boolean delete(Handle handle, String guid) {
    return handle
            .createUpdate("delete from api_invitation where guid = :guid")
            .bind("guid", guid)
            .execute()
        == 1;
  }

  /** Deletes those that have expired. */
  public static void purge(Handle handle, long now) {
    handle
        .createUpdate("delete from api_invitation where expires_at <= :now")
        .bind("now", now)
        .execute();
  }

  /** Adds a set-up code. Of those that nodes have made the latest are kept. */
  public static void addSetupCode(Handle handle, String org, String codeHash, long now, int most) {
    handle
        .createUpdate(
            """
            delete from api_setup_code where code_hash not in (
              select code_hash from api_setup_code order by created_at desc limit :most)
            """)
        .bind("most", most - 1)
        .execute();
    handle
        .createUpdate(
            """
            insert into api_setup_code (code_hash, org, created_at) values (:hash, :org, :now)
            on conflict do nothing
            """)
        .bind("hash", codeHash)
        .bind("org", org)
        .bind("now", now)
        .execute();
  }

  /** Uses up a set-up code, and with it all others; false when there is none of this hash. */
  public static boolean useSetupCode(Handle handle, String codeHash) {
    boolean isThere =
        handle
                .createUpdate("delete from api_setup_code where code_hash = :hash")
                .bind("hash", codeHash)
                .execute()
            == 1;
    if (isThere) {
      handle.execute("delete from api_setup_code");
    }
    return isThere;
  }

  private static Invitation invitation(ResultSet rows) throws SQLException {
    return new Invitation(
        rows.getString("guid"),
        rows.getString("name"),
        rows.getString("email"),
        rows.getString("group_name"),
        rows.getLong("created_at"),
        rows.getLong("expires_at"));
  }
}
