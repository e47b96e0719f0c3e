package dev.rallypoint.store.account;

import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Statements on which devices may register. Times are milliseconds since 1970. */
public final class DeviceStateTable {
  private DeviceStateTable() {}

  /** A device that may not register: it is disabled, or not approved. */
  public record Refused(String id, boolean isEnabled, boolean isApproved) {}

  /** What an id's device is. */
  public record Known(String uuid, boolean isApproved, boolean isDeleted) {}

  /** All devices that may not register, up to a number. */
  public static List<Refused> refused(Handle handle, String org, int most) {
    return handle
        .createQuery(
            """
            select id, enabled, approved from api_device
            where org = :org and deleted_at is null and (enabled = false or approved = false)
            order by created_at limit :most
            """)
        .bind("org", org)
        .bind("most", most)
        .map((rows, context) ->
            new Refused(
                rows.getString("id"), rows.getBoolean("enabled"), rows.getBoolean("approved")))
        .list();
  }

  /** An id whose device was deleted, and when. */
  public record Deleted(String id, long at) {}

  /** The devices that were deleted since a moment and are not back, up to a number. */
  public static List<Deleted> deletedSince(Handle handle, String org, long since, int most) {
    return handle
        .createQuery(
            """
            select id, deleted_at from api_device where org = :org and deleted_at >= :since
            order by deleted_at desc limit :most
            """)
        .bind("org", org)
        .bind("since", since)
        .bind("most", most)
        .map((rows, context) -> new Deleted(rows.getString("id"), rows.getLong("deleted_at")))
        .list();
  }

  /** What is stored of an id. */
  public static Optional<Known> find(Handle handle, String org, String id) {
    return handle
        .createQuery(
            "select uuid, approved, deleted_at from api_device where org = :org and id = :id")
        .bind("org", org)
        .bind("id", id)
        .map((rows, context) -> {
          String uuid = rows.getString("uuid");
          boolean isApproved = rows.getBoolean("approved");
          rows.getLong("deleted_at");
          return new Known(uuid, isApproved, !rows.wasNull());
        })
        .findOne();
  }

  /**
   * Stores a device that has not registered: one that waits, or one that was deployed. A deleted
   * row of the id gives way.
   */
  public static void insert(
      Handle handle,
      String org,
      DeviceRegistrationTable.Registration device,
      boolean isApproved,
      long now) {
    handle
        .createUpdate("delete from api_device where id = :id and deleted_at is not null")
        .bind("id", device.id())
        .execute();
    handle
        .createUpdate(
            """
            insert into api_device (guid, id, org, uuid, enabled, approved, name, note, hostname,
              username, os, cpu, memory, version, sysinfo_hash, ip, created_at, updated_at)
            values (:guid, :id, :org, :uuid, true, :approved, '', '', '', '', '', '', '', '', '',
              :ip, :now, :now)
            on conflict (id) do update set approved = :approved, updated_at = :now
            where api_device.uuid = excluded.uuid
            """)
        .bind("guid", device.guid())
        .bind("id", device.id())
        .bind("org", org)
        .bind("uuid", device.uuid())
        .bind("approved", isApproved)
        .bind("ip", device.ip())
        .bind("now", now)
        .execute();
  }

  /** Deletes the device of an id and uuid, of which the row stays; false when there is none. */
  public static boolean delete(Handle handle, String org, String id, String uuid, long now) {
    return handle
            .createUpdate(
                """
                update api_device set deleted_at = :now, sysinfo_hash = '', updated_at = :now
                where org = :org and id = :id and uuid = :uuid and deleted_at is null
                """)
            .bind("org", org)
            .bind("id", id)
            .bind("uuid", uuid)
            .bind("now", now)
            .execute()
        == 1;
  }

  /** Deletes a device that waits, in whose place another one is. */
  public static void deleteWaiting(Handle handle, String org, String id) {
    handle
        .createUpdate("delete from api_device where org = :org and id = :id and approved = false")
        .bind("org", org)
        .bind("id", id)
        .execute();
  }

  /** Keeps so many of the devices that wait, those that came last. */
  public static void keepWaiting(Handle handle, String org, int most) {
    handle
        .createUpdate(
            """
            delete from api_device where org = :org and approved = false and guid in (
              select guid from api_device where org = :org and approved = false
              order by created_at desc, guid desc limit 1000 offset :most)
            """)
        .bind("org", org)
        .bind("most", most)
        .execute();
  }

  /** How many devices wait that came from an ip. */
  public static int waitingOf(Handle handle, String org, String ip) {
    return handle
        .createQuery(
            """
            select count(*) from api_device
            where org = :org and approved = false and deleted_at is null and ip = :ip
            """)
        .bind("org", org)
        .bind("ip", ip)
        .mapTo(Integer.class)
        .one();
  }
}
