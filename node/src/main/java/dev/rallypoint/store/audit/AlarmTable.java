package dev.rallypoint.store.audit;

import java.util.List;
import org.jdbi.v3.core.Handle;

/** Statements on alarms. */
public final class AlarmTable {
  private AlarmTable() {}

  /** An alarm of the server: more than 30 failed log-ins in a row. */
  public static final int LOGINS_IN_A_ROW = 3;

  /** An alarm of the server: failed log-ins within a minute. */
  public static final int LOGINS_IN_A_MINUTE = 4;

  /** An alarm of the server: failed log-ins within an hour. */
  public static final int LOGINS_IN_AN_HOUR = 5;

  /**
   * An alarm. Times are milliseconds since 1970.
   *
   * @param deviceId the device that tells of it; of a log-in the one that it was tried on, which is
   *     not proven
   * @param typ as clients number them
   * @param info a JSON object
   * @param connId of the device, or 0
   * @param user the logged-in user at the other side, or empty
   */
  public record AlarmRow(
      String guid,
      String deviceId,
      int typ,
      String info,
      long connId,
      String user,
      long createdAt) {}

  /** Inserts an alarm. */
  public static void insert(Handle handle, String org, AlarmRow row) {
    handle
        .createUpdate(
            """
            insert into api_audit_alarm (guid, org, device_id, typ, info, conn_id, user_name,
              created_at)
            values (:guid, :org, :device, :typ, :info, :conn, :user, :now)
            """)
        .bind("guid", row.guid())
        .bind("org", org)
        .bind("device", row.deviceId())
        .bind("typ", row.typ())
        .bind("info", row.info())
        .bind("conn", row.connId())
        .bind("user", row.user())
        .bind("now", row.createdAt())
        .execute();
  }

  /** A page of alarms; the text is compared with the id of the device. */
  public static Found<AlarmRow> list(Handle handle, String org, AuditFilter filter) {
    return Listing.page(
        handle,
        "api_audit_alarm",
        org,
        filter,
        List.of("device_id"),
        (rows, context) ->
            new AlarmRow(
                rows.getString("guid"),
                rows.getString("device_id"),
                rows.getInt("typ"),
                rows.getString("info"),
                rows.getLong("conn_id"),
                rows.getString("user_name"),
                rows.getLong("created_at")));
  }
}
