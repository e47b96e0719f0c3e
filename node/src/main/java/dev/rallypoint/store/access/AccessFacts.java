package dev.rallypoint.store.access;

import dev.rallypoint.config.Cidr;
import dev.rallypoint.policy.access.AccessPolicy.Grant;
import dev.rallypoint.policy.access.AccessRules;
import dev.rallypoint.policy.access.AccessRules.NetworkRule;
import dev.rallypoint.policy.access.AccessRules.Roles;
import dev.rallypoint.policy.access.AccessRules.Rule;
import dev.rallypoint.policy.access.Controller.LoggedIn;
import dev.rallypoint.policy.access.Target;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/** Reads what the decision about access takes. Times are milliseconds since 1970. */
public final class AccessFacts {
  private AccessFacts() {}

  /** What a log-in is named by. */
  public enum TokenKey {
    /** SHA-256 of the token, in hex. */
    HASH("t.token_hash"),
    /** The guid of the token's row. */
    GUID("t.guid");

    private final String column;

    TokenKey(String column) {
      this.column = column;
    }
  }

  /**
   * The user of a log-in.
   *
   * @param usedSince a token that was last used before has ended
   */
  public static Optional<LoggedIn> controller(
      Handle handle, String org, TokenKey key, String value, long usedSince) {
    return handle
        .createQuery(
            """
            select t.guid as token, u.guid, u.name, u.user_group, u.enabled, u.is_admin,
              u.control_role
            from api_token t join api_user u on u.guid = t.user_guid
            where %s = :value and t.org = :org and t.last_used_at >= :since
            """
                .formatted(key.column))
        .bind("value", value)
        .bind("org", org)
        .bind("since", usedSince)
        .map((rows, context) -> loggedIn(rows))
        .findOne();
  }

  private static LoggedIn loggedIn(ResultSet rows) throws SQLException {
    return new LoggedIn(
        rows.getString("token"),
        rows.getString("guid"),
        rows.getString("name"),
        rows.getString("user_group"),
        rows.getBoolean("enabled"),
        rows.getBoolean("is_admin"),
        Optional.ofNullable(rows.getString("control_role")));
  }

  /** The user of a name's key, as if he were logged in. */
  public static Optional<LoggedIn> user(Handle handle, String org, String nameKey) {
    return handle
        .createQuery(
            """
            select '' as token, guid, name, user_group, enabled, is_admin, control_role
            from api_user where org = :org and name_key = :key
            """)
        .bind("org", org)
        .bind("key", nameKey)
        .map((rows, context) -> loggedIn(rows))
        .findOne();
  }

  /** The device of an id; {@link Target#UNKNOWN} where no row is kept of it. */
  public static Target target(Handle handle, String org, String id) {
    return handle
        .createQuery(
            """
            select d.guid, d.enabled, d.approved, d.device_group, u.guid as owner,
              u.user_group as owner_group
            from api_device d left join api_user u on u.guid = d.user_guid
            where d.id = :id and d.org = :org
            """)
        .bind("id", id)
        .bind("org", org)
        .map((rows, context) -> {
          String owner = rows.getString("owner");
          return new Target(
              rows.getString("guid"),
              rows.getBoolean("enabled"),
              rows.getBoolean("approved"),
              owner == null
                  ? Optional.empty()
                  : Optional.of(new Target.Owner(owner, rows.getString("owner_group"))),
              Optional.ofNullable(rows.getString("device_group")));
        })
        .findOne()
        .orElse(Target.UNKNOWN);
  }

  /** The "switch sides" of a verifier. */
  public static Optional<Grant> grant(Handle handle, String org, String verifier, String id) {
    return handle
        .createQuery(
            """
            select device_id, expires_at from api_switch_grant
            where verifier = :verifier and org = :org
            """)
        .bind("verifier", verifier)
        .bind("org", org)
        .map((rows, context) ->
            new Grant(rows.getString("device_id").equals(id), rows.getLong("expires_at")))
        .findOne();
  }

  /** All that decides beside the user and the device. */
  public static AccessRules rules(Handle handle, String org) {
    boolean isEnabled =
        handle
            .createQuery("select enabled from api_organization where guid = :org")
            .bind("org", org)
            .mapTo(Boolean.class)
            .one();
    return AccessRules.of(
        isEnabled,
        hasSpecialDevices(handle, org),
        closed(handle, org),
        ruleRows(handle, org),
        networks(handle, org),
        roles(handle, org));
  }

  private static boolean hasSpecialDevices(Handle handle, String org) {
    return handle
        .createQuery(
            """
            select 1 from api_device where org = :org and user_guid is not null
            union all
            select 1 from api_device where org = :org and (enabled = false or approved = false)
            limit 1
            """)
        .bind("org", org)
        .mapTo(Integer.class)
        .findFirst()
        .isPresent();
  }

  private static Set<String> closed(Handle handle, String org) {
    return new HashSet<>(
        handle
            .createQuery(
                "select guid from api_user_group where org = :org and members_reach = false")
            .bind("org", org)
            .mapTo(String.class)
            .list());
  }

  private static List<Rule> ruleRows(Handle handle, String org) {
    return handle
        .createQuery(
            """
            select from_kind, from_guid, to_kind, to_guid from api_access_rule
            where org = :org and ended_at is null
            """)
        .bind("org", org)
        .map((rows, context) ->
            new Rule(
                rows.getString("from_kind"),
                rows.getString("from_guid"),
                rows.getString("to_kind"),
                rows.getString("to_guid")))
        .list();
  }

  private static List<NetworkRule> networks(Handle handle, String org) {
    return handle
        .createQuery(
            """
            select network, allowed from api_network_rule where org = :org order by position, guid
            """)
        .bind("org", org)
        .map((rows, context) ->
            new NetworkRule(
                Cidr.parse("network", rows.getString("network")), rows.getBoolean("allowed")))
        .list();
  }

  private static Roles roles(Handle handle, String org) {
    Map<String, Long> byGuid = new HashMap<>();
    Map<String, Long> builtIn = new HashMap<>();
    handle
        .createQuery(
            """
            select guid, built_in, permissions from api_control_role
            where org = :org and enabled = true
            """)
        .bind("org", org)
        .map((rows, context) -> {
          String name = rows.getString("built_in");
          (name == null ? byGuid : builtIn)
              .put(name == null ? rows.getString("guid") : name, rows.getLong("permissions"));
          return true;
        })
        .list();
    return new Roles(
        builtIn.getOrDefault("default", 0L), builtIn.getOrDefault("not_logged", 0L), byGuid);
  }
}
