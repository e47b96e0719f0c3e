package dev.rallypoint.store.account;

import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Update;

/**
 * Statements on devices as they register, change their ids and are seen. Times are milliseconds
 * since 1970, uuids base64.
 */
public final class DeviceRegistrationTable {
  private static final String RENEW =
      """
      update api_device set user_guid = null, device_group = null, strategy = null,
        given_username = '', name = '', note = '', cloned_at = null,
        enabled = case when deleted_at is null then enabled else true end,
        approved = case when deleted_at is null then approved else true end,
        deleted_at = null, uuid = :uuid, updated_at = :now
      where id = :id and (deleted_at is not null or uuid <> :uuid and uuid <> '')
      """;

  private DeviceRegistrationTable() {}

  /**
   * A device that has registered.
   *
   * @param guid for a device that is not stored yet
   */
  public record Registration(String guid, String id, String uuid, String ip) {}

  /**
   * Stores devices that have registered. One that was deleted, or whose id another device has now,
   * is as new: it has nothing that an administrator gave it.
   *
   * @return whether something was taken from one of them
   */
  public static boolean register(
      Handle handle, String org, List<Registration> registrations, long now) {
    PreparedBatch renewal = handle.prepareBatch(RENEW);
    registrations.forEach(
        one -> renewal.bind("id", one.id()).bind("uuid", one.uuid()).bind("now", now).add());
    boolean hasRenewed = false;
    for (int count : renewal.execute()) {
      hasRenewed |= count > 0;
    }
    PreparedBatch batch =
        handle.prepareBatch(
            """
            insert into api_device (guid, id, org, uuid, enabled, approved, name, note, hostname,
              username, os, cpu, memory, version, sysinfo_hash, ip, last_online_at, created_at,
              updated_at)
            values (:guid, :id, :org, :uuid, true, true, '', '', '', '', '', '', '', '', '', :ip,
              :now, :now, :now)
            on conflict (id) do update set uuid = excluded.uuid, ip = excluded.ip,
              last_online_at = excluded.last_online_at
            """);
    registrations.forEach(one ->
        batch
            .bind("guid", one.guid())
            .bind("id", one.id())
            .bind("org", org)
            .bind("uuid", one.uuid())
            .bind("ip", one.ip())
            .bind("now", now)
            .add());
    batch.execute();
    return hasRenewed;
  }

  /** The same of one device, before something else is stored of it. */
  static boolean renew(Handle handle, String id, String uuid, long now) {
    return handle.createUpdate(RENEW).bind("id", id).bind("uuid", uuid).bind("now", now).execute()
        > 0;
  }

  /** Notes that devices are online; returns those of these ids that are stored and not deleted. */
  public static List<String> seen(Handle handle, List<String> ids, long now) {
    handle
        .createUpdate("update api_device set last_online_at = :now where id in (<ids>)")
        .bindList("ids", ids)
        .bind("now", now)
        .execute();
    return handle
        .createQuery("select id from api_device where id in (<ids>) and deleted_at is null")
        .bindList("ids", ids)
        .mapTo(String.class)
        .list();
  }

  /**
   * Gives a device another id. A row that the device has under that id already gives way, unless an
   * administrator gave it something.
   *
   * @return whether a row has the other id now that did not have it
   */
  public static boolean rename(Handle handle, String from, String to, String uuid, long now) {
    bound(
            handle.createUpdate(
                """
                delete from api_device where id = :to and (deleted_at is not null or uuid = :uuid
                  and user_guid is null and device_group is null and name = '' and note = '')
                  and exists (select 1 from api_device d where d.id = :from and d.uuid = :uuid
                    and d.deleted_at is null)
                """),
            from,
            to,
            uuid)
        .execute();
    return bound(
                handle.createUpdate(
                    """
                    update api_device set id = :to, updated_at = :now
                    where id = :from and uuid = :uuid and deleted_at is null
                      and not exists (select 1 from api_device d where d.id = :to)
                    """),
                from,
                to,
                uuid)
            .bind("now", now)
            .execute()
        == 1;
  }

  private static Update bound(Update update, String from, String to, String uuid) {
    return update.bind("from", from).bind("to", to).bind("uuid", uuid);
  }

  /** Pairs of ids of one uuid, of which the first is one of these. */
  public static List<Twins> twins(Handle handle, List<String> ids) {
    return handle
        .createQuery(
            """
            select a.id as one, b.id as other from api_device a
            join api_device b on b.uuid = a.uuid and b.id <> a.id and b.deleted_at is null
            where a.id in (<ids>) and a.uuid <> '' limit 1000
            """)
        .bindList("ids", ids)
        .map((rows, context) -> new Twins(rows.getString("one"), rows.getString("other")))
        .list();
  }

  /** Two ids whose devices have one uuid. */
  public record Twins(String one, String other) {}

  /** Notes that more than one device has the identity of these. */
  public static void setCloned(Handle handle, List<String> ids, long now) {
    handle
        .createUpdate("update api_device set cloned_at = :now where id in (<ids>)")
        .bindList("ids", ids)
        .bind("now", now)
        .execute();
  }
}
