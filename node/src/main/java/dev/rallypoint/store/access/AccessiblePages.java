package dev.rallypoint.store.access;

import dev.rallypoint.policy.access.Reach;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.EmptyHandling;
import org.jdbi.v3.core.statement.Query;

/** Reads the users, devices and device groups that somebody reaches, page by page. */
public final class AccessiblePages {
  /** A device that is reached; {@code u} is its owner. */
  private static final String REACHED =
      """
      d.org = :org and d.deleted_at is null and d.enabled = true and d.approved = true and
      (:all = true or d.user_guid in (<users>) or u.user_group in (<userGroups>)
        or d.device_group in (<deviceGroups>) or d.guid in (<devices>))
      """;

  private static final String DEVICES =
      " from api_device d left join api_user u on u.guid = d.user_guid"
          + " left join api_device_group g on g.guid = d.device_group where "
          + REACHED;

  private static final String USERS =
      """
       from api_user u where u.org = :org and u.enabled = true
        and (:all = true or u.guid in (<users>) or u.user_group in (<userGroups>))
      """;

  private static final String GROUPS =
      """
       from api_device_group dg where dg.org = :org and (:all = true
         or dg.guid in (<deviceGroups>)
         or exists (select 1 from api_device d left join api_user u on u.guid = d.user_guid
           where d.device_group = dg.guid and %s))
      """
          .formatted(REACHED);

  private AccessiblePages() {}

  /**
   * Who asks.
   *
   * @param reach what he reaches; empty for an administrator, who reaches everything
   */
  public record Viewer(String org, Optional<Reach> reach) {}

  /** A part of a list. */
  public record Part(long offset, int size) {}

  /**
   * One page.
   *
   * @param total how many rows all pages have
   */
  public record Page<T>(long total, List<T> rows) {}

  /** A user who is reached, as others see him. */
  public record SeenUser(String name, String displayName) {}

  /**
   * A device that is reached.
   *
   * @param owner the name of its user, or empty
   * @param group the name of its group, or empty
   */
  public record SeenDevice(
      String id,
      String name,
      String username,
      String os,
      String owner,
      String group,
      String note) {}

  /** The users whose devices are reached, and the one who asks, in the order of their names. */
  public static Page<SeenUser> users(Handle handle, Viewer viewer, Part part) {
    return new Page<>(
        count(handle, viewer, USERS),
        page(handle, viewer, part, "select u.name, u.display_name" + USERS + "order by u.name_key")
            .map((rows, context) ->
                new SeenUser(rows.getString("name"), rows.getString("display_name")))
            .list());
  }

  /** The devices that are reached, in the order of their ids. */
  public static Page<SeenDevice> devices(Handle handle, Viewer viewer, Part part) {
    return new Page<>(
        count(handle, viewer, DEVICES),
        page(
                handle,
                viewer,
                part,
                """
                select d.id, d.name, d.hostname, d.username, d.os, d.note,
                  coalesce(u.name, '') as owner, coalesce(g.name, '') as group_name
                """
                    + DEVICES
                    + "order by d.id")
            .map((rows, context) ->
                new SeenDevice(
                    rows.getString("id"),
                    rows.getString("name").isEmpty()
                        ? rows.getString("hostname")
                        : rows.getString("name"),
                    rows.getString("username"),
                    rows.getString("os"),
                    rows.getString("owner"),
                    rows.getString("group_name"),
                    rows.getString("note")))
            .list());
  }

  /** The names of the device groups that are reached, or have a device that is, in their order. */
  public static Page<String> deviceGroups(Handle handle, Viewer viewer, Part part) {
    return new Page<>(
        count(handle, viewer, GROUPS),
        page(handle, viewer, part, "select dg.name" + GROUPS + "order by dg.name_key")
            .mapTo(String.class)
            .list());
  }

  private static long count(Handle handle, Viewer viewer, String from) {
    return bound(handle.createQuery("select count(*)" + from), viewer).mapTo(Long.class).one();
  }

  private static Query page(Handle handle, Viewer viewer, Part part, String query) {
    return bound(handle.createQuery(query + " limit :size offset :offset"), viewer)
        .bind("size", part.size())
        .bind("offset", part.offset());
  }

  private static Query bound(Query query, Viewer viewer) {
    Reach reach = viewer.reach().orElse(Reach.NOTHING);
    Query bound = query.bind("org", viewer.org()).bind("all", viewer.reach().isEmpty());
    bound = in(bound, "users", reach.users());
    bound = in(bound, "userGroups", reach.userGroups());
    bound = in(bound, "deviceGroups", reach.deviceGroups());
    return in(bound, "devices", reach.devices());
  }

  private static Query in(Query query, String name, Collection<String> guids) {
    return query.bindList(EmptyHandling.NULL_KEYWORD, name, List.copyOf(guids));
  }
}
