package dev.rallypoint.store.access;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Statements on control roles and whose they are. Times are milliseconds since 1970. */
public final class ControlRoleTable {
  private static final String COLUMNS =
      "guid, name, note, enabled, built_in is not null as is_built_in, permissions";

  private ControlRoleTable() {}

  /**
   * A role.
   *
   * @param isBuiltIn whether it is of those without a role of their own, or of those not logged in
   * @param permissions 2 bits each, as on the wire
   */
  public record Role(
      String guid,
      String name,
      String note,
      boolean isEnabled,
      boolean isBuiltIn,
      long permissions) {}

  /** The roles in the order of their names. */
  public static List<Role> list(Handle handle, String org) {
    return handle
        .createQuery(
            "select " + COLUMNS + " from api_control_role where org = :org order by name_key")
        .bind("org", org)
        .map((rows, context) -> role(rows))
        .list();
  }

  /** The role of a name's key. */
  public static Optional<Role> find(Handle handle, String org, String nameKey) {
    return handle
        .createQuery(
            "select " + COLUMNS + " from api_control_role where org = :org and name_key = :key")
        .bind("org", org)
        .bind("key", nameKey)
        .map((rows, context) -> role(rows))
        .findOne();
  }

  /** The role of a guid. */
  public static Optional<Role> findGuid(Handle handle, String org, String guid) {
    return handle
        .createQuery(
            "select " + COLUMNS + " from api_control_role where org = :org and guid = :guid")
        .bind("org", org)
        .bind("guid", guid)
        .map((rows, context) -> role(rows))
        .findOne();
  }

  private static Role role(ResultSet rows) throws SQLException {
    return new Role(
        rows.getString("guid"),
        rows.getString("name"),
        rows.getString("note"),
        rows.getBoolean("enabled"),
        rows.getBoolean("is_built_in"),
        rows.getLong("permissions"));
  }

  /** Inserts a role; false where the name is taken. */
  public static boolean insert(Handle handle, String org, Role role, String nameKey, long now) {
    return handle
            .createUpdate(
                """
                insert into api_control_role
                  (guid, org, name, name_key, note, enabled, permissions, created_at, updated_at)
                values (:guid, :org, :name, :key, :note, true, :permissions, :now, :now)
                on conflict do nothing
                """)
            .bind("guid", role.guid())
            .bind("org", org)
            .bind("name", role.name())
            .bind("key", nameKey)
            .bind("note", role.note())
            .bind("permissions", role.permissions())
            .bind("now", now)
            .execute()
        == 1;
  }

  /** Changes a role; what its name is stays where it is built in. */
  public static void update(Handle handle, String org, Role role, String nameKey, long now) {
    handle
        .createUpdate(
            """
            update api_control_role set note = :note, enabled = :enabled,
              permissions = :permissions, updated_at = :now,
              name = case when built_in is null then :name else name end,
              name_key = case when built_in is null then :key else name_key end
            where org = :org and guid = :guid
            """)
        .bind("guid", role.guid())
        .bind("org", org)
        .bind("name", role.name())
        .bind("key", nameKey)
        .bind("note", role.note())
        .bind("enabled", role.isEnabled())
        .bind("permissions", role.permissions())
        .bind("now", now)
        .execute();
  }

  /** Deletes a role that is not built in; its users have the usual one from then on. */
  public static boolean delete(Handle handle, String org, String guid) {
    return handle
            .createUpdate(
                """
                delete from api_control_role
                where org = :org and guid = :guid and built_in is null
                """)
            .bind("org", org)
            .bind("guid", guid)
            .execute()
        == 1;
  }

  /** Gives a user a role, or takes it away; false where there is no such user. */
  public static boolean give(
      Handle handle, String org, String user, Optional<String> role, long now) {
    return handle
            .createUpdate(
                """
                update api_user set control_role = :role, updated_at = :now
                where org = :org and guid = :user
                """)
            .bind("org", org)
            .bind("user", user)
            .bind("role", role.orElse(null))
            .bind("now", now)
            .execute()
        == 1;
  }
}
