package dev.rallypoint.store.audit;

import org.jdbi.v3.core.Handle;

/**
 * Statements that keep audits right: what was taken already, what is old, and which node does it.
 * Times are milliseconds since 1970.
 */
public final class AuditUpkeep {
  private AuditUpkeep() {}

  /** The tables whose old rows are deleted. */
  public enum Part {
    /** Connections that have ended. */
    CONNECTIONS("api_audit_connection", " and ended_at is not null"),
    /** Files. */
    FILES("api_audit_file", ""),
    /** Alarms. */
    ALARMS("api_audit_alarm", ""),
    /** What administrators did. */
    CONSOLE("api_audit_console", "");

    private final String table;
    private final String condition;

    Part(String table, String condition) {
      this.table = table;
      this.condition = condition;
    }
  }

  /** Deletes some of the rows that are older; returns how many. */
  public static int deleteOlder(Handle handle, Part part, long before, int most) {
    return handle
        .createUpdate(
            """
            delete from %1$s where guid in (
              select guid from %1$s where created_at < :before%2$s limit :most)
            """
                .formatted(part.table, part.condition))
        .bind("before", before)
        .bind("most", most)
        .execute();
  }

  /**
   * Notes that a post is taken. Where the transaction fails, it is not.
   *
   * @return false when it was taken before
   */
  public static boolean takeNonce(
      Handle handle, String org, String deviceId, String nonce, long now) {
    return handle
            .createUpdate(
                """
                insert into api_audit_nonce (device_id, nonce, org, created_at)
                values (:device, :nonce, :org, :now) on conflict do nothing
                """)
            .bind("device", deviceId)
            .bind("nonce", nonce)
            .bind("org", org)
            .bind("now", now)
            .execute()
        == 1;
  }

  /** Forgets some of the posts that were taken before a moment; returns how many. */
  public static int forgetNonces(Handle handle, long before, int most) {
    return handle
        .createUpdate(
            """
            delete from api_audit_nonce where (device_id, nonce) in (
              select device_id, nonce from api_audit_nonce where created_at < :before limit :most)
            """)
        .bind("before", before)
        .bind("most", most)
        .execute();
  }

  /** Takes a work until a moment; false when another node has it. */
  public static boolean claim(Handle handle, String job, long now, long until) {
    return handle
            .createUpdate(
                "update api_job set claimed_until = :until where name = :job and claimed_until < :now")
            .bind("job", job)
            .bind("now", now)
            .bind("until", until)
            .execute()
        == 1;
  }
}
