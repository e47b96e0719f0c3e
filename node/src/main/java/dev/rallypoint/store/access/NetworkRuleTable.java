package dev.rallypoint.store.access;

import java.util.List;
import org.jdbi.v3.core.Handle;

/** Statements on the networks that devices may be controlled from. */
public final class NetworkRuleTable {
  private NetworkRuleTable() {}

  /** A rule; of all of them the first one that has an address decides. */
  public record NetworkLine(String network, boolean allowed) {}

  /** Puts a rule behind the others; one of the same network is replaced. */
  public static void put(Handle handle, String org, String guid, NetworkLine line, long now) {
    delete(handle, org, line.network());
    handle
        .createUpdate(
            """
            insert into api_network_rule (guid, org, network, allowed, position, created_at)
            select :guid, :org, :network, :allowed, coalesce(max(position), 0) + 1, :now
            from api_network_rule where org = :org
            """)
        .bind("guid", guid)
        .bind("org", org)
        .bind("network", line.network())
        .bind("allowed", line.allowed())
        .bind("now", now)
        .execute();
  }

  /** Takes a rule away; false where there is none of this network. */
  public static boolean delete(Handle handle, String org, String network) {
    return handle
            .createUpdate("delete from api_network_rule where org = :org and network = :network")
            .bind("org", org)
            .bind("network", network)
            .execute()
        > 0;
  }

  /** The rules in their order. */
  public static List<NetworkLine> list(Handle handle, String org) {
    return handle
        .createQuery(
            "select network, allowed from api_network_rule where org = :org order by position, guid")
        .bind("org", org)
        .map((rows, context) ->
            new NetworkLine(rows.getString("network"), rows.getBoolean("allowed")))
        .list();
  }
}
