package dev.rallypoint.store.account;

import dev.rallypoint.store.account.DeviceTable.SystemFacts;
import dev.rallypoint.store.account.ListedDevice.Contact;
import dev.rallypoint.store.account.ListedDevice.Given;
import dev.rallypoint.store.account.ListedDevice.State;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Statements on devices as administrators see and change them. Deleted ones are not seen. Times are
 * milliseconds since 1970.
 */
public final class DeviceListTable {
  private static final String FROM =
      """
       from api_device d
      left join api_user u on u.guid = d.user_guid
      left join api_user_group ug on ug.guid = u.user_group
      left join api_device_group g on g.guid = d.device_group
      left join api_strategy s on s.guid = d.strategy
      where d.org = :org and d.deleted_at is null
      """;

  private static final String COLUMNS =
      """
      select d.*, u.name as user_name, ug.name as user_group_name, g.name as device_group_name,
        s.name as strategy_name
      """;

  private DeviceListTable() {}

  /** A page of devices in the order of their ids. */
  public static List<ListedDevice> list(
      Handle handle, String org, DeviceFilter filter, long offset, int most) {
    return handle
        .createQuery(COLUMNS + FROM + filter.sql() + " order by d.id limit :most offset :offset")
        .bind("org", org)
        .bindMap(filter.values())
        .bind("most", most)
        .bind("offset", offset)
        .map((rows, context) -> device(rows))
        .list();
  }

  /** How many devices there are. */
  public static long count(Handle handle, String org, DeviceFilter filter) {
    return handle
        .createQuery("select count(*)" + FROM + filter.sql())
        .bind("org", org)
        .bindMap(filter.values())
        .mapTo(Long.class)
        .one();
  }

  /** The device of a guid. */
  public static Optional<ListedDevice> find(Handle handle, String org, String guid) {
    return handle
        .createQuery(COLUMNS + FROM + " and d.guid = :guid")
        .bind("org", org)
        .bind("guid", guid)
        .map((rows, context) -> device(rows))
        .findOne();
  }

  /** The device of an id. */
  public static Optional<ListedDevice> findById(Handle handle, String org, String id) {
    return handle
        .createQuery(COLUMNS + FROM + " and d.id = :id")
        .bind("org", org)
        .bind("id", id)
        .map((rows, context) -> device(rows))
        .findOne();
  }

  /** Whether a device has this uuid. */
  public static boolean isOf(Handle handle, String guid, String uuid) {
    return handle
            .createQuery("select count(*) from api_device where guid = :guid and uuid = :uuid")
            .bind("guid", guid)
            .bind("uuid", uuid)
            .mapTo(Integer.class)
            .one()
        > 0;
  }

  /** What is set of a device by a text or a boolean. */
  public enum Column {
    /** Whether no administrator disabled it. */
    ENABLED,
    /** Whether it need not wait for an administrator. */
    APPROVED,
    /** The name that an administrator gave it. */
    NAME,
    /** The name of who uses it. */
    GIVEN_USERNAME,
    /** A note. */
    NOTE
  }

  /** Sets something of a device. */
  public static void set(Handle handle, String guid, Column column, Object value, long now) {
    handle
        .createUpdate(
            "update api_device set %s = :value, updated_at = :now where guid = :guid"
                .formatted(column.name().toLowerCase(Locale.ROOT)))
        .bind("guid", guid)
        .bind("value", value)
        .bind("now", now)
        .execute();
  }

  /** Gives a device to the user of a name's key, or to nobody; false when there is no such user. */
  public static boolean setUser(
      Handle handle, String org, String guid, @Nullable String userKey, long now) {
    return setReference(handle, org, guid, "user_guid", "api_user", userKey, now);
  }

  /** Puts a device into the group of a name's key, or into none; false when there is none. */
  public static boolean setGroup(
      Handle handle, String org, String guid, @Nullable String groupKey, long now) {
    return setReference(handle, org, guid, "device_group", "api_device_group", groupKey, now);
  }

  /** Gives a device the strategy of a name's key, or none; false when there is none. */
  public static boolean setStrategy(
      Handle handle, String org, String guid, @Nullable String strategyKey, long now) {
    return setReference(handle, org, guid, "strategy", "api_strategy", strategyKey, now);
  }

  private static boolean setReference(
      Handle handle,
      String org,
      String guid,
      String column,
      String table,
      @Nullable String key,
      long now) {
    String value =
        key == null
            ? null
            : handle
                .createQuery(
                    "select guid from %s where org = :org and name_key = :key".formatted(table))
                .bind("org", org)
                .bind("key", key)
                .mapTo(String.class)
                .findOne()
                .orElse(null);
    if (key != null && value == null) {
      return false;
    }
    handle
        .createUpdate(
            "update api_device set %s = :value, updated_at = :now where org = :org and guid = :guid"
                .formatted(column))
        .bind("org", org)
        .bind("guid", guid)
        .bind("value", value)
        .bind("now", now)
        .execute();
    return true;
  }

  /** Deletes a device, of which the row stays until it comes back. */
  public static void delete(Handle handle, String guid, long now) {
    handle
        .createUpdate(
            """
            update api_device set deleted_at = :now, sysinfo_hash = '', updated_at = :now
            where guid = :guid
            """)
        .bind("guid", guid)
        .bind("now", now)
        .execute();
  }

  private static ListedDevice device(ResultSet rows) throws SQLException {
    long createdAt = rows.getLong("created_at");
    return new ListedDevice(
        rows.getString("guid"),
        rows.getString("id"),
        new State(
            rows.getBoolean("enabled"),
            rows.getBoolean("approved"),
            Optional.ofNullable(number(rows, "cloned_at"))),
        new Given(
            text(rows, "user_name"),
            text(rows, "user_group_name"),
            text(rows, "device_group_name"),
            text(rows, "strategy_name"),
            text(rows, "name"),
            text(rows, "given_username"),
            text(rows, "note")),
        new SystemFacts(
            text(rows, "hostname"),
            text(rows, "username"),
            text(rows, "os"),
            text(rows, "cpu"),
            text(rows, "memory"),
            text(rows, "version")),
        new Contact(
            text(rows, "ip"),
            createdAt,
            Optional.ofNullable(number(rows, "last_online_at")).orElse(createdAt)));
  }

  private static String text(ResultSet rows, String column) throws SQLException {
    String text = rows.getString(column);
    return text == null ? "" : text;
  }

  private static @Nullable Long number(ResultSet rows, String column) throws SQLException {
    long number = rows.getLong(column);
    return rows.wasNull() ? null : number;
  }
}
