package dev.rallypoint.store.account;

import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Statements on device groups; a device is in one at most. Times are milliseconds since 1970. */
public final class DeviceGroupTable {
  private DeviceGroupTable() {}

  /**
   * A group.
   *
   * @param devices how many are in it
   */
  public record DeviceGroup(String guid, String name, String note, int devices) {}

  private static final String COLUMNS =
      """
      select g.guid, g.name, g.note, (select count(*) from api_device d
        where d.device_group = g.guid and d.deleted_at is null) as devices
      from api_device_group g where g.org = :org
      """;

  /** Inserts a group; false when the name is taken. */
  public static boolean insert(
      Handle handle, String org, DeviceGroup group, String nameKey, long now) {
    return handle
            .createUpdate(
                """
                insert into api_device_group (guid, org, name, name_key, note, created_at)
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

  /**
   * A page of groups in the order of their names.
   *
   * @param pattern of SQL's LIKE for the key of the name, with an exclamation mark before letters
   *     that mean themselves
   */
  public static List<DeviceGroup> list(
      Handle handle, String org, String pattern, long offset, int most) {
    return handle
        .createQuery(
            COLUMNS
                + "and g.name_key like :pattern escape '!'"
                + " order by g.name_key limit :most offset :offset")
        .bind("org", org)
        .bind("pattern", pattern)
        .bind("most", most)
        .bind("offset", offset)
        .map((rows, context) ->
            new DeviceGroup(
                rows.getString("guid"),
                rows.getString("name"),
                rows.getString("note"),
                rows.getInt("devices")))
        .list();
  }

  /** How many groups there are. */
  public static long count(Handle handle, String org, String pattern) {
    return handle
        .createQuery(
            """
            select count(*) from api_device_group
            where org = :org and name_key like :pattern escape '!'
            """)
        .bind("org", org)
        .bind("pattern", pattern)
        .mapTo(Long.class)
        .one();
  }

  /** The guid of a name's key. */
  public static Optional<String> find(Handle handle, String org, String nameKey) {
    return handle
        .createQuery("select guid from api_device_group where org = :org and name_key = :nameKey")
        .bind("org", org)
        .bind("nameKey", nameKey)
        .mapTo(String.class)
        .findOne();
  }

  /** Whether there is a group of this guid. */
  public static boolean exists(Handle handle, String org, String guid) {
    return handle
        .createQuery("select guid from api_device_group where org = :org and guid = :guid")
        .bind("org", org)
        .bind("guid", guid)
        .mapTo(String.class)
        .findOne()
        .isPresent();
  }

  /** Gives a group another name; the caller has seen that it is free. */
  public static void rename(Handle handle, String guid, String name, String nameKey) {
    handle
        .createUpdate(
            "update api_device_group set name = :name, name_key = :nameKey where guid = :guid")
        .bind("guid", guid)
        .bind("name", name)
        .bind("nameKey", nameKey)
        .execute();
  }

  /** Gives a group another note. */
  public static void setNote(Handle handle, String guid, String note) {
    handle
        .createUpdate("update api_device_group set note = :note where guid = :guid")
        .bind("guid", guid)
        .bind("note", note)
        .execute();
  }

  /** Deletes a group; its devices are in none then. */
  public static void delete(Handle handle, String guid) {
    handle
        .createUpdate("delete from api_device_group where guid = :guid")
        .bind("guid", guid)
        .execute();
  }

  /** Which of these ids are devices. */
  public static List<String> known(Handle handle, String org, List<String> ids) {
    return handle
        .createQuery(
            """
            select id from api_device where org = :org and deleted_at is null and id in (<ids>)
            """)
        .bind("org", org)
        .bindList("ids", ids)
        .mapTo(String.class)
        .list();
  }

  /** Puts devices into a group. */
  public static void add(Handle handle, String org, String guid, List<String> ids, long now) {
    handle
        .createUpdate(
            """
            update api_device set device_group = :guid, updated_at = :now
            where org = :org and deleted_at is null and id in (<ids>)
            """)
        .bind("org", org)
        .bind("guid", guid)
        .bindList("ids", ids)
        .bind("now", now)
        .execute();
  }

  /** Takes devices out of a group. */
  public static void remove(Handle handle, String org, String guid, List<String> ids, long now) {
    handle
        .createUpdate(
            """
            update api_device set device_group = null, updated_at = :now
            where org = :org and device_group = :guid and id in (<ids>)
            """)
        .bind("org", org)
        .bind("guid", guid)
        .bindList("ids", ids)
        .bind("now", now)
        .execute();
  }
}
