package dev.rallypoint.store.account;

import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Statements on what devices tell of themselves. */
public final class DeviceTable {
  private DeviceTable() {}

  /**
   * What a device told of itself, as it wrote it.
   *
   * @param version the client's
   */
  public record SystemFacts(
      String hostname, String username, String os, String cpu, String memory, String version) {}

  /**
   * What is compared before anything is written.
   *
   * @param uuid in base64
   * @param factsHash SHA-256 of the facts
   */
  public record Known(String uuid, String factsHash) {}

  /** What is stored of an id. */
  public static Optional<Known> find(Handle handle, String id) {
    return handle
        .createQuery(
            "select uuid, sysinfo_hash from api_device where id = :id and deleted_at is null")
        .bind("id", id)
        .map((rows, context) -> new Known(rows.getString(1), rows.getString(2)))
        .findOne();
  }

  /**
   * Stores what a device told of itself. One that was deleted, or whose id another device has now,
   * is as new.
   *
   * @param guid for a device that is not stored yet
   * @return whether something was taken from it that an administrator had given
   */
  public static boolean save(
      Handle handle,
      String guid,
      String org,
      String id,
      Known known,
      SystemFacts facts,
      String ip,
      long now) {
    boolean isRenewed = DeviceRegistrationTable.renew(handle, id, known.uuid(), now);
    handle
        .createUpdate(
            """
            insert into api_device (guid, id, org, uuid, enabled, approved, name, note, hostname,
              username, os, cpu, memory, version, sysinfo_hash, ip, created_at, updated_at)
            values (:guid, :id, :org, :uuid, true, true, '', '', :hostname, :username, :os, :cpu,
              :memory, :version, :hash, :ip, :now, :now)
            on conflict (id) do update set uuid = excluded.uuid, hostname = excluded.hostname,
              username = excluded.username, os = excluded.os, cpu = excluded.cpu,
              memory = excluded.memory, version = excluded.version,
              sysinfo_hash = excluded.sysinfo_hash, ip = excluded.ip,
              updated_at = excluded.updated_at
            """)
        .bind("guid", guid)
        .bind("id", id)
        .bind("org", org)
        .bind("uuid", known.uuid())
        .bind("hash", known.factsHash())
        .bind("hostname", facts.hostname())
        .bind("username", facts.username())
        .bind("os", facts.os())
        .bind("cpu", facts.cpu())
        .bind("memory", facts.memory())
        .bind("version", facts.version())
        .bind("ip", ip)
        .bind("now", now)
        .execute();
    return isRenewed;
  }
}
