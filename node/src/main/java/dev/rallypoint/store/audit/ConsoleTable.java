package dev.rallypoint.store.audit;

import java.util.List;
import org.jdbi.v3.core.Handle;

/** Statements on what administrators did. */
public final class ConsoleTable {
  private ConsoleTable() {}

  /**
   * One change. Times are milliseconds since 1970.
   *
   * @param actor who did it
   * @param typ the kind of what was changed, as the console numbers them
   * @param iop what was done, as the console numbers it
   * @param target the name of what was changed
   * @param detail more in words, without secrets
   */
  public record ConsoleRow(
      String guid, Actor actor, int typ, int iop, String target, String detail, long createdAt) {}

  /**
   * Who did something.
   *
   * @param guid of the user, or empty for who has the management port of a node
   * @param ip where from, or empty for the server itself
   */
  public record Actor(String guid, String name, String ip) {}

  /** Inserts a change. */
  public static void insert(Handle handle, String org, ConsoleRow row) {
    handle
        .createUpdate(
            """
            insert into api_audit_console (guid, org, actor_guid, actor, ip, typ, iop, target,
              detail, created_at)
            values (:guid, :org, :actorGuid, :actor, :ip, :typ, :iop, :target, :detail, :now)
            """)
        .bind("guid", row.guid())
        .bind("org", org)
        .bind("actorGuid", row.actor().guid())
        .bind("actor", row.actor().name())
        .bind("ip", row.actor().ip())
        .bind("typ", row.typ())
        .bind("iop", row.iop())
        .bind("target", row.target())
        .bind("detail", row.detail())
        .bind("now", row.createdAt())
        .execute();
  }

  /** A page of changes; the text is compared with the name of who did it. */
  public static Found<ConsoleRow> list(Handle handle, String org, AuditFilter filter) {
    return Listing.page(
        handle,
        "api_audit_console",
        org,
        filter,
        List.of("actor"),
        (rows, context) ->
            new ConsoleRow(
                rows.getString("guid"),
                new Actor(
                    rows.getString("actor_guid"), rows.getString("actor"), rows.getString("ip")),
                rows.getInt("typ"),
                rows.getInt("iop"),
                rows.getString("target"),
                rows.getString("detail"),
                rows.getLong("created_at")));
  }
}
