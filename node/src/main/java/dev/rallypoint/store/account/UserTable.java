package dev.rallypoint.store.account;

import dev.rallypoint.store.account.User.Credentials;
import dev.rallypoint.store.account.User.Profile;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Statements on users and what belongs to one user. Times are milliseconds since 1970. */
public final class UserTable {
  private static final String COLUMNS =
      """
      u.guid, u.org, u.name, u.display_name, u.email, u.note, u.enabled, u.is_admin,
      g.name as group_name, u.password_hash, u.totp_secret, u.totp_required, u.last_login_at
      """;

  private static final String FROM =
      " from api_user u join api_user_group g on g.guid = u.user_group ";

  private UserTable() {}

  /**
   * Inserts a user.
   *
   * @param user the group is that of its name
   * @param nameKey the key of its name
   * @param groupKey the key of the group's name
   * @return false when the name is taken, or there is no such group
   */
  public static boolean insert(
      Handle handle, User user, String nameKey, String groupKey, long now) {
    return handle
            .createUpdate(
                """
                insert into api_user (guid, org, name, name_key, display_name, email, note, enabled,
                  is_admin, user_group, password_hash, totp_step, totp_required, created_at, updated_at)
                select :guid, :org, :name, :nameKey, :displayName, :email, :note, :enabled, :admin,
                  guid, :hash, 0, :required, :now, :now
                from api_user_group where org = :org and name_key = :groupKey
                on conflict do nothing
                """)
            .bind("guid", user.guid())
            .bind("org", user.org())
            .bind("name", user.name())
            .bind("nameKey", nameKey)
            .bind("displayName", user.profile().displayName())
            .bind("email", user.profile().email())
            .bind("note", user.profile().note())
            .bind("enabled", user.isEnabled())
            .bind("admin", user.isAdmin())
            .bind("hash", user.credentials().passwordHash().orElse(null))
            .bind("required", user.credentials().isTotpRequired())
            .bind("groupKey", groupKey)
            .bind("now", now)
            .execute()
        == 1;
  }

  /** The user of a name's key. */
  public static Optional<User> find(Handle handle, String org, String nameKey) {
    return handle
        .createQuery("select " + COLUMNS + FROM + "where u.org = :org and u.name_key = :nameKey")
        .bind("org", org)
        .bind("nameKey", nameKey)
        .map((rows, context) -> user(rows))
        .findOne();
  }

  /** The user of a guid. */
  public static Optional<User> find(Handle handle, String guid) {
    return handle
        .createQuery("select " + COLUMNS + FROM + "where u.guid = :guid")
        .bind("guid", guid)
        .map((rows, context) -> user(rows))
        .findOne();
  }

  /** A page of users in the order of their names' keys, after one of these. */
  public static List<User.Listed> list(Handle handle, String org, String afterKey, int most) {
    return handle
        .createQuery(
            "select "
                + COLUMNS
                + ", (select count(*) from api_token t where t.user_guid = u.guid) as tokens"
                + FROM
                + "where u.org = :org and u.name_key > :after order by u.name_key limit :most")
        .bind("org", org)
        .bind("after", afterKey)
        .bind("most", most)
        .map((rows, context) -> {
          long last = rows.getLong("last_login_at");
          Optional<Long> lastLoginAt = rows.wasNull() ? Optional.empty() : Optional.of(last);
          return new User.Listed(user(rows), lastLoginAt, rows.getInt("tokens"));
        })
        .list();
  }

  /** Whether there is an administrator who may log in. */
  public static boolean hasAdmin(Handle handle, String org) {
    return handle
            .createQuery(
                "select count(*) from api_user where org = :org and is_admin = true and enabled = true")
            .bind("org", org)
            .mapTo(Long.class)
            .one()
        > 0;
  }

  /** Sets the hash of a password. */
  public static void setPassword(Handle handle, String guid, String hash, long now) {
    update(handle, guid, "password_hash", hash, now);
  }

  /** Lets a user log in, or not. */
  public static void setEnabled(Handle handle, String guid, boolean isEnabled, long now) {
    update(handle, guid, "enabled", isEnabled, now);
  }

  /** Makes a user an administrator, or an ordinary user. */
  public static void setAdmin(Handle handle, String guid, boolean isAdmin, long now) {
    update(handle, guid, "is_admin", isAdmin, now);
  }

  /** Lets a user log in with a second factor only, or without one too. */
  public static void setTotpRequired(Handle handle, String guid, boolean isRequired, long now) {
    update(handle, guid, "totp_required", isRequired, now);
  }

  /** Notes that a user has logged in. */
  public static void setLoggedIn(Handle handle, String guid, long now) {
    update(handle, guid, "last_login_at", now, now);
  }

  /** Moves a user to a group; false when there is no such group. */
  public static boolean setGroup(Handle handle, User user, String groupKey, long now) {
    return handle
            .createUpdate(
                """
                update api_user set updated_at = :now, user_group =
                  (select guid from api_user_group where org = :org and name_key = :groupKey)
                where guid = :guid and exists
                  (select 1 from api_user_group where org = :org and name_key = :groupKey)
                """)
            .bind("guid", user.guid())
            .bind("org", user.org())
            .bind("groupKey", groupKey)
            .bind("now", now)
            .execute()
        == 1;
  }

  /** Deletes a user with all that belongs to him. */
  public static void delete(Handle handle, String guid) {
    handle.createUpdate("delete from api_user where guid = :guid").bind("guid", guid).execute();
  }

  private static void update(Handle handle, String guid, String column, Object value, long now) {
    handle
        .createUpdate(
            "update api_user set %s = :value, updated_at = :now where guid = :guid"
                .formatted(column))
        .bind("guid", guid)
        .bind("value", value)
        .bind("now", now)
        .execute();
  }

  private static User user(ResultSet rows) throws SQLException {
    return new User(
        rows.getString("guid"),
        rows.getString("org"),
        rows.getString("name"),
        new Profile(
            rows.getString("display_name"), rows.getString("email"), rows.getString("note")),
        rows.getBoolean("enabled"),
        rows.getBoolean("is_admin"),
        rows.getString("group_name"),
        new Credentials(
            Optional.ofNullable(rows.getString("password_hash")),
            Optional.ofNullable(rows.getString("totp_secret")),
            rows.getBoolean("totp_required")));
  }
}
