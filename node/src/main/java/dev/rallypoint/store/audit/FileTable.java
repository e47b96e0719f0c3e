package dev.rallypoint.store.audit;

import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Statements on the files that were transferred. */
public final class FileTable {
  private FileTable() {}

  /**
   * One transfer. Times are milliseconds since 1970.
   *
   * @param connection the guid of its connection, or empty where none is known
   * @param user the logged-in user at the other side, or empty
   */
  public record FileRow(
      String guid,
      String deviceId,
      long connId,
      Optional<String> connection,
      Side side,
      Optional<ConnectionRow.Controller> user,
      Transfer transfer,
      long createdAt) {}

  /** The other side, as the device told. */
  public record Side(String ip, String id, String name) {}

  /**
   * What was transferred.
   *
   * @param direction 0 from the device to the other side, 1 to the device
   * @param path on the device
   * @param count how many files
   * @param files the largest of them with their sizes, as a JSON array
   */
  public record Transfer(int direction, String path, boolean isFile, long count, String files) {}

  /** Inserts a transfer. */
  public static void insert(Handle handle, String org, FileRow row) {
    handle
        .createUpdate(
            """
            insert into api_audit_file (guid, org, device_id, conn_id, connection, ip, peer_id,
              peer_name, user_name, is_proven, direction, path, is_file, file_count, files,
              created_at)
            values (:guid, :org, :device, :conn, :connection, :ip, :peerId, :peerName, :user,
              :proven, :direction, :path, :isFile, :count, :files, :now)
            """)
        .bind("guid", row.guid())
        .bind("org", org)
        .bind("device", row.deviceId())
        .bind("conn", row.connId())
        .bind("connection", row.connection().orElse(null))
        .bind("ip", row.side().ip())
        .bind("peerId", row.side().id())
        .bind("peerName", row.side().name())
        .bind("user", row.user().map(ConnectionRow.Controller::name).orElse(""))
        .bind("proven", row.user().map(ConnectionRow.Controller::isProven).orElse(false))
        .bind("direction", row.transfer().direction())
        .bind("path", row.transfer().path())
        .bind("isFile", row.transfer().isFile())
        .bind("count", row.transfer().count())
        .bind("files", row.transfer().files())
        .bind("now", row.createdAt())
        .execute();
  }

  /** A page of transfers; the text is compared with the id of the device, or of the other side. */
  public static Found<FileRow> list(Handle handle, String org, AuditFilter filter) {
    return Listing.page(
        handle,
        "api_audit_file",
        org,
        filter,
        List.of("device_id", "peer_id"),
        (rows, context) -> {
          String user = rows.getString("user_name");
          boolean isProven = rows.getBoolean("is_proven");
          return new FileRow(
              rows.getString("guid"),
              rows.getString("device_id"),
              rows.getLong("conn_id"),
              Optional.ofNullable(rows.getString("connection")),
              new Side(
                  rows.getString("ip"), rows.getString("peer_id"), rows.getString("peer_name")),
              user.isEmpty()
                  ? Optional.empty()
                  : Optional.of(new ConnectionRow.Controller("", user, isProven)),
              new Transfer(
                  rows.getInt("direction"),
                  rows.getString("path"),
                  rows.getBoolean("is_file"),
                  rows.getLong("file_count"),
                  rows.getString("files")),
              rows.getLong("created_at"));
        });
  }
}
