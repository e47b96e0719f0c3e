package dev.rallypoint.store.audit;

import java.util.List;
import org.jdbi.v3.core.Handle;

/** Statements on connections that administrators end. Times are milliseconds since 1970. */
public final class DisconnectTable {
  private DisconnectTable() {}

  /**
   * A connection that its device is to end.
   *
   * @param by who wants it
   */
  public record Order(String deviceId, long connId, String by, long createdAt) {}

  /** Stores an order, in place of one for the same connection. */
  public static void insert(Handle handle, String org, Order order) {
    handle
        .createUpdate(
            """
            insert into api_disconnect (device_id, conn_id, org, ordered_by, created_at)
            values (:device, :conn, :org, :by, :now)
            on conflict (device_id, conn_id) do update set ordered_by = excluded.ordered_by,
              created_at = excluded.created_at
            """)
        .bind("device", order.deviceId())
        .bind("conn", order.connId())
        .bind("org", org)
        .bind("by", order.by())
        .bind("now", order.createdAt())
        .execute();
    ChangeTable.note(handle, ChangeTable.DISCONNECT);
  }

  /** Deletes the order for a connection; false when there was none. */
  public static boolean delete(Handle handle, String deviceId, long connId) {
    boolean wasThere =
        handle
                .createUpdate(
                    "delete from api_disconnect where device_id = :device and conn_id = :conn")
                .bind("device", deviceId)
                .bind("conn", connId)
                .execute()
            == 1;
    if (wasThere) {
      ChangeTable.note(handle, ChangeTable.DISCONNECT);
    }
    return wasThere;
  }

  /** The orders since a moment. */
  public static List<Order> list(Handle handle, long since, int most) {
    return handle
        .createQuery(
            """
            select device_id, conn_id, ordered_by, created_at from api_disconnect
            where created_at >= :since order by created_at desc limit :most
            """)
        .bind("since", since)
        .bind("most", most)
        .map((rows, context) ->
            new Order(rows.getString(1), rows.getLong(2), rows.getString(3), rows.getLong(4)))
        .list();
  }

  /** Deletes the orders that are older. */
  public static void deleteOlder(Handle handle, long before) {
    handle
        .createUpdate("delete from api_disconnect where created_at < :before")
        .bind("before", before)
        .execute();
  }
}
