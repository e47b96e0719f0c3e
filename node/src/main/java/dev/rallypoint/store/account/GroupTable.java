package dev.rallypoint.store.account;

import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Statements on user groups; each user is in one. */
public final class GroupTable {
  private GroupTable() {}

  /**
   * A group.
   *
   * @param users how many are in it
   */
  public record UserGroup(String guid, String name, String note, int users) {}

  /** Inserts a group; false when the name is taken. */
  public static boolean insert(
      Handle handle, String org, UserGroup group, String nameKey, long now) {
    return handle
            .createUpdate(
                """
                insert into api_user_group (guid, org, name, name_key, note, created_at)
                values (:guid, :org, :name, :nameKey, :note, :now) on conflict do nothing
                """)
            .bind("guid", group.guid())
            .bind("org", org)
            .bind("name", group.name())
            .bind("nameKey", nameKey)
            .bind("note", group.note())
            .bind("now", now)
            .execute()
        == 1;
  }

  /** All groups in the order of their names. */
  public static List<UserGroup> list(Handle handle, String org) {
    return handle
        .createQuery(
            """
            select g.guid, g.name, g.note,
              (select count(*) from api_user u where u.user_group = g.guid) as users
            from api_user_group g where g.org = :org order by g.name_key
            """)
        .bind("org", org)
        .map((rows, context) ->
            new UserGroup(
                rows.getString("guid"),
                rows.getString("name"),
                rows.getString("note"),
                rows.getInt("users")))
        .list();
  }

  /** The group of a guid. */
  public static Optional<UserGroup> find(Handle handle, String org, String guid) {
    return list(handle, org).stream().filter(group -> group.guid().equals(guid)).findFirst();
  }

  /** Changes the name and the note of a group. */
  public static void update(Handle handle, String org, UserGroup group, String nameKey) {
    handle
        .createUpdate(
            """
            update api_user_group set name = :name, name_key = :nameKey, note = :note
            where org = :org and guid = :guid
            """)
        .bind("guid", group.guid())
        .bind("org", org)
        .bind("name", group.name())
        .bind("nameKey", nameKey)
        .bind("note", group.note())
        .execute();
  }

  /** How many groups there are. */
  public static int size(Handle handle, String org) {
    return handle
        .createQuery("select count(*) from api_user_group where org = :org")
        .bind("org", org)
        .mapTo(Integer.class)
        .one();
  }

  /** Deletes a group without users; false when there is none of this name, or it has users. */
  public static boolean delete(Handle handle, String org, String nameKey) {
    return handle
            .createUpdate(
                """
                delete from api_user_group where org = :org and name_key = :nameKey
                  and not exists
                    (select 1 from api_user u where u.user_group = api_user_group.guid)
                """)
            .bind("org", org)
            .bind("nameKey", nameKey)
            .execute()
        == 1;
  }
}
