package dev.rallypoint.store.access;

import org.jdbi.v3.core.Handle;

/** Statements on the codes by which a device may be controlled without a login. */
public final class SwitchGrantTable {
  private SwitchGrantTable() {}

  /** Milliseconds since 1970. */
  public record Times(long now, long expiresAt) {}

  /**
   * Stores a grant of a device, and forgets those that are over.
   *
   * @param most how many of a device are kept, those that end last
   */
  public static void put(
      Handle handle, String org, String id, String verifier, Times times, int most) {
    handle
        .createUpdate("delete from api_switch_grant where expires_at < :now")
        .bind("now", times.now())
        .execute();
    handle
        .createUpdate(
            """
            delete from api_switch_grant where device_id = :id and verifier not in (
              select verifier from api_switch_grant where device_id = :id
              order by expires_at desc, verifier limit :most)
            """)
        .bind("id", id)
        .bind("most", most - 1)
        .execute();
    handle
        .createUpdate(
            """
            insert into api_switch_grant (verifier, org, device_id, expires_at)
            values (:verifier, :org, :id, :expires) on conflict do nothing
            """)
        .bind("verifier", verifier)
        .bind("org", org)
        .bind("id", id)
        .bind("expires", times.expiresAt())
        .execute();
  }
}
