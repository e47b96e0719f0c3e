package dev.rallypoint.store.access;

import dev.rallypoint.policy.access.AccessRules.Rule;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/**
 * Statements on the rules of access. A rule is never changed, only ended, so that it can be told
 * who could reach a device at any time. Times are milliseconds since 1970.
 */
public final class AccessRuleTable {
  /** The table of what a kind of rule names, with the column of the name. */
  private static final String NAMES =
      """
      case %1$s_kind
        when 'user' then (select u.name from api_user u where u.guid = %1$s_guid)
        when 'user_group' then (select g.name from api_user_group g where g.guid = %1$s_guid)
        when 'device_group' then (select g.name from api_device_group g where g.guid = %1$s_guid)
        when 'device' then (select d.id from api_device d where d.guid = %1$s_guid)
      end as %1$s_name
      """;

  private AccessRuleTable() {}

  /** What a rule is about. */
  public enum Kind {
    /** A user, by his name. */
    USER("user", "select guid from api_user where org = :org and name_key = :name"),
    /** The users of a group, by its name. */
    USER_GROUP(
        "user_group", "select guid from api_user_group where org = :org and name_key = :name"),
    /** The devices of a group, by its name. */
    DEVICE_GROUP(
        "device_group", "select guid from api_device_group where org = :org and name_key = :name"),
    /** A device, by its id. */
    DEVICE("device", "select guid from api_device where org = :org and id = :name"),
    /** Every user; it has no name. */
    EVERYONE("everyone", "");

    private final String text;
    private final String query;

    Kind(String text, String query) {
      this.text = text;
      this.query = query;
    }

    /** As it is stored. */
    public String text() {
      return text;
    }

    /** The kind of a stored text. */
    public static Kind of(String text) {
      for (Kind kind : values()) {
        if (kind.text.equals(text)) {
          return kind;
        }
      }
      throw new IllegalArgumentException(text);
    }
  }

  /**
   * One end of a rule.
   *
   * @param name of the user or group, the id of the device, or empty
   */
  public record Party(Kind kind, String name) {}

  /**
   * A rule that holds.
   *
   * @param from who may control
   * @param to what
   */
  public record Listed(String guid, Party from, Party to, String by, long createdAt) {}

  /**
   * The guid of what is named.
   *
   * @param key the name as it is compared; the id of a device as it is
   */
  public static Optional<String> guid(Handle handle, String org, Kind kind, String key) {
    return kind == Kind.EVERYONE
        ? Optional.of("")
        : handle
            .createQuery(kind.query)
            .bind("org", org)
            .bind("name", key)
            .mapTo(String.class)
            .findOne();
  }

  /**
   * Inserts a rule; false where it holds already.
   *
   * @param by who makes it
   */
  public static boolean insert(
      Handle handle, String org, String guid, Rule rule, String by, long now) {
    return bound(
                handle.createUpdate(
                    """
                    insert into api_access_rule
                      (guid, org, from_kind, from_guid, to_kind, to_guid, made_by, created_at)
                    values (:guid, :org, :fromKind, :from, :toKind, :to, :by, :now)
                    on conflict do nothing
                    """),
                org,
                rule)
            .bind("guid", guid)
            .bind("by", by)
            .bind("now", now)
            .execute()
        == 1;
  }

  /** Ends a rule; false where there is none. */
  public static boolean end(Handle handle, String org, Rule rule, String by, long now) {
    return bound(
                handle.createUpdate(
                    """
                    update api_access_rule set ended_at = :now, ended_by = :by
                    where org = :org and from_kind = :fromKind and from_guid = :from
                      and to_kind = :toKind and to_guid = :to and ended_at is null
                    """),
                org,
                rule)
            .bind("by", by)
            .bind("now", now)
            .execute()
        == 1;
  }

  private static Update bound(Update update, String org, Rule rule) {
    return update
        .bind("org", org)
        .bind("fromKind", rule.fromKind())
        .bind("from", rule.from())
        .bind("toKind", rule.toKind())
        .bind("to", rule.to());
  }

  /** Ends all rules that name something that is deleted. */
  public static void endAll(
      Handle handle, String org, Kind kind, String guid, String by, long now) {
    handle
        .createUpdate(
            """
            update api_access_rule set ended_at = :now, ended_by = :by
            where org = :org and ended_at is null
              and (from_kind = :kind and from_guid = :guid or to_kind = :kind and to_guid = :guid)
            """)
        .bind("org", org)
        .bind("kind", kind.text())
        .bind("guid", guid)
        .bind("by", by)
        .bind("now", now)
        .execute();
  }

  /** Ends the rules from or to something, which others take the place of. */
  public static void endSide(
      Handle handle, String org, Rule side, boolean isFrom, String by, long now) {
    handle
        .createUpdate(
            """
            update api_access_rule set ended_at = :now, ended_by = :by
            where org = :org and ended_at is null
              and %s
            """
                .formatted(
                    isFrom
                        ? "from_kind = :fromKind and from_guid = :from and to_kind = :toKind"
                        : "to_kind = :toKind and to_guid = :to and from_kind = :fromKind"))
        .bind("org", org)
        .bindMap(
            isFrom
                ? Map.of("fromKind", side.fromKind(), "from", side.from(), "toKind", side.toKind())
                : Map.of("toKind", side.toKind(), "to", side.to(), "fromKind", side.fromKind()))
        .bind("by", by)
        .bind("now", now)
        .execute();
  }

  /** How many rules hold. */
  public static int size(Handle handle, String org) {
    return handle
        .createQuery("select count(*) from api_access_rule where org = :org and ended_at is null")
        .bind("org", org)
        .mapTo(Integer.class)
        .one();
  }

  /** The rules that hold, the oldest first. */
  public static List<Listed> list(Handle handle, String org) {
    return handle
        .createQuery(
            "select guid, from_kind, to_kind, made_by, created_at, "
                + NAMES.formatted("from")
                + ", "
                + NAMES.formatted("to")
                + " from api_access_rule where org = :org and ended_at is null"
                + " order by created_at, guid")
        .bind("org", org)
        .map((rows, context) ->
            new Listed(
                rows.getString("guid"),
                new Party(Kind.of(rows.getString("from_kind")), text(rows.getString("from_name"))),
                new Party(Kind.of(rows.getString("to_kind")), text(rows.getString("to_name"))),
                rows.getString("made_by"),
                rows.getLong("created_at")))
        .list();
  }

  /** Who may control something by a rule, the oldest rule first. */
  public static List<Party> to(Handle handle, String org, Kind kind, String guid) {
    return handle
        .createQuery(
            "select from_kind, "
                + NAMES.formatted("from")
                + " from api_access_rule where org = :org and ended_at is null"
                + " and to_kind = :kind and to_guid = :guid order by created_at, guid")
        .bind("org", org)
        .bind("kind", kind.text())
        .bind("guid", guid)
        .map((rows, context) ->
            new Party(Kind.of(rows.getString("from_kind")), text(rows.getString("from_name"))))
        .list();
  }

  private static String text(@Nullable String name) {
    return name == null ? "" : name;
  }
}
