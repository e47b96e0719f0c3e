package dev.rallypoint.store.audit;

import dev.rallypoint.store.audit.ConnectionRow.Controller;
import dev.rallypoint.store.audit.ConnectionRow.Peer;
import dev.rallypoint.store.audit.ConnectionRow.Times;
import dev.rallypoint.store.audit.ConnectionRow.Where;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

/** Statements on connections. Times are milliseconds since 1970. */
public final class ConnectionTable {
  private ConnectionTable() {}

  /**
   * A connection that has not ended, as far as is known.
   *
   * @param createdAt when it was opened
   */
  public record Running(String guid, String deviceId, long connId, long createdAt) {}

  /** Inserts a connection; false when the device has one of this number that has not ended. */
  public static boolean insert(Handle handle, String org, ConnectionRow row) {
    return handle
            .createUpdate(
                """
                insert into api_audit_connection (guid, org, device_id, conn_id, session_id, ip,
                  peer_id, peer_name, kind, primary_auth, two_factor, user_guid, user_name,
                  is_proven, note, created_at, authorised_at, heard_at, ended_by)
                values (:guid, :org, :device, :conn, :session, :ip, :peerId, :peerName, :kind,
                  :primary, :second, :user, :userName, :proven, :note, :created, :authorised,
                  :heard, '') on conflict do nothing
                """)
            .bind("guid", row.guid())
            .bind("org", org)
            .bind("device", row.where().deviceId())
            .bind("conn", row.where().connId())
            .bind("session", row.where().sessionId())
            .bind("ip", row.ip())
            .bind("peerId", row.peer().id())
            .bind("peerName", row.peer().name())
            .bind("kind", row.peer().kind().orElse(null))
            .bind("primary", row.peer().primaryAuth().orElse(null))
            .bind("second", row.peer().twoFactor().orElse(null))
            .bind("user", row.user().map(Controller::guid).orElse(null))
            .bind("userName", row.user().map(Controller::name).orElse(""))
            .bind("proven", row.user().map(Controller::isProven).orElse(false))
            .bind("note", row.note())
            .bind("created", row.times().createdAt())
            .bind("authorised", row.times().authorisedAt().orElse(null))
            .bind("heard", row.times().heardAt())
            .execute()
        == 1;
  }

  /** The connection of a device's number that has not ended. */
  public static Optional<ConnectionRow> running(
      Handle handle, String org, String deviceId, long connId) {
    return handle
        .createQuery(
            """
            select * from api_audit_connection
            where device_id = :device and conn_id = :conn and org = :org and ended_at is null
            """)
        .bind("device", deviceId)
        .bind("conn", connId)
        .bind("org", org)
        .map((rows, context) -> row(rows))
        .findOne();
  }

  /** The connection of a guid. */
  public static Optional<ConnectionRow> find(Handle handle, String org, String guid) {
    return handle
        .createQuery("select * from api_audit_connection where guid = :guid and org = :org")
        .bind("guid", guid)
        .bind("org", org)
        .map((rows, context) -> row(rows))
        .findOne();
  }

  /** The latest connections of a session, those opened last first. */
  public static List<ConnectionRow> ofSession(
      Handle handle, String org, String deviceId, long sessionId) {
    return handle
        .createQuery(
            """
            select * from api_audit_connection
            where device_id = :device and session_id = :session and org = :org
            order by created_at desc limit 16
            """)
        .bind("device", deviceId)
        .bind("session", sessionId)
        .bind("org", org)
        .map((rows, context) -> row(rows))
        .list();
  }

  /** The other side has proved itself to the device. */
  public static void authorise(Handle handle, ConnectionRow row, long now) {
    handle
        .createUpdate(
            """
            update api_audit_connection set session_id = :session, peer_id = :peerId,
              peer_name = :peerName, kind = :kind, primary_auth = :primary, two_factor = :second,
              user_guid = :user, user_name = :userName, is_proven = :proven,
              authorised_at = coalesce(authorised_at, :now), heard_at = :now
            where guid = :guid and ended_at is null
            """)
        .bind("guid", row.guid())
        .bind("session", row.where().sessionId())
        .bind("peerId", row.peer().id())
        .bind("peerName", row.peer().name())
        .bind("kind", row.peer().kind().orElse(null))
        .bind("primary", row.peer().primaryAuth().orElse(null))
        .bind("second", row.peer().twoFactor().orElse(null))
        .bind("user", row.user().map(Controller::guid).orElse(null))
        .bind("userName", row.user().map(Controller::name).orElse(""))
        .bind("proven", row.user().map(Controller::isProven).orElse(false))
        .bind("now", now)
        .execute();
  }

  /** Ends a connection; false when it had ended. */
  public static boolean end(Handle handle, String guid, long now, String by) {
    return handle
            .createUpdate(
                """
                update api_audit_connection set ended_at = :now, ended_by = :by
                where guid = :guid and ended_at is null
                """)
            .bind("guid", guid)
            .bind("now", now)
            .bind("by", by)
            .execute()
        == 1;
  }

  /** Ends the connections that were not heard of since; they end when they were last heard of. */
  public static int endUnheard(Handle handle, long since, String by) {
    return handle
        .createUpdate(
            """
            update api_audit_connection set ended_at = heard_at, ended_by = :by
            where ended_at is null and heard_at < :since
            """)
        .bind("since", since)
        .bind("by", by)
        .execute();
  }

  /** Notes that these connections still run. */
  public static void setHeard(Handle handle, List<String> guids, long now) {
    if (!guids.isEmpty()) {
      handle
          .createUpdate("update api_audit_connection set heard_at = :now where guid in (<guids>)")
          .bindList("guids", guids)
          .bind("now", now)
          .execute();
    }
  }

  /** Sets the note of a connection. */
  public static void setNote(Handle handle, String guid, String note) {
    handle
        .createUpdate("update api_audit_connection set note = :note where guid = :guid")
        .bind("guid", guid)
        .bind("note", note)
        .execute();
  }

  /** The connections that have not ended, of all devices, those opened last first. */
  public static List<Running> running(Handle handle, int most) {
    return handle
        .createQuery(
            """
            select guid, device_id, conn_id, created_at from api_audit_connection
            where ended_at is null order by created_at desc limit :most
            """)
        .bind("most", most)
        .map((rows, context) ->
            new Running(rows.getString(1), rows.getString(2), rows.getLong(3), rows.getLong(4)))
        .list();
  }

  /** A page of connections; the text is compared with the ids of both sides. */
  public static Found<ConnectionRow> list(
      Handle handle, String org, AuditFilter filter, boolean onlyRunning) {
    String from =
        " from api_audit_connection where org = :org and created_at >= :since and "
            + filter.condition(List.of("device_id", "peer_id"))
            + (filter.kind().isPresent() ? " and kind = :kind" : "")
            + (onlyRunning ? " and ended_at is null" : "");
    long total =
        bound(handle.createQuery("select count(*)" + from), org, filter).mapTo(Long.class).one();
    List<ConnectionRow> rows =
        bound(
                handle.createQuery(
                    "select *"
                        + from
                        + " order by created_at desc, guid desc limit :size offset :offset"),
                org,
                filter)
            .bind("size", filter.size())
            .bind("offset", filter.offset())
            .map((row, context) -> row(row))
            .list();
    return new Found<>(total, rows);
  }

  private static Query bound(Query query, String org, AuditFilter filter) {
    query.bind("org", org).bind("since", filter.since());
    filter.text().ifPresent(text -> query.bind("pattern", filter.pattern()));
    filter.kind().ifPresent(kind -> query.bind("kind", kind));
    return query;
  }

  /** The user who was last seen logged in on a device; what the device's id proves is nothing. */
  public static Optional<Controller> lastUserOn(Handle handle, String org, String deviceId) {
    return handle
        .createQuery(
            """
            select u.guid, u.name from api_token t join api_user u on u.guid = t.user_guid
            where t.device_id = :device and t.org = :org order by t.last_used_at desc limit 1
            """)
        .bind("device", deviceId)
        .bind("org", org)
        .map((rows, context) -> new Controller(rows.getString(1), rows.getString(2), false))
        .findOne();
  }

  private static ConnectionRow row(ResultSet rows) throws SQLException {
    String userName = rows.getString("user_name");
    boolean isProven = rows.getBoolean("is_proven");
    Optional<Controller> user =
        Optional.ofNullable(rows.getString("user_guid"))
            .map(guid -> new Controller(guid, userName, isProven));
    return new ConnectionRow(
        rows.getString("guid"),
        new Where(rows.getString("device_id"), rows.getLong("conn_id"), rows.getLong("session_id")),
        rows.getString("ip"),
        new Peer(
            rows.getString("peer_id"),
            rows.getString("peer_name"),
            number(rows, "kind").map(Math::toIntExact),
            number(rows, "primary_auth").map(Math::toIntExact),
            number(rows, "two_factor").map(Math::toIntExact)),
        user,
        rows.getString("note"),
        new Times(
            rows.getLong("created_at"),
            number(rows, "authorised_at"),
            rows.getLong("heard_at"),
            number(rows, "ended_at")),
        rows.getString("ended_by"));
  }

  private static Optional<Long> number(ResultSet rows, String column) throws SQLException {
    long number = rows.getLong(column);
    return rows.wasNull() ? Optional.empty() : Optional.of(number);
  }
}
