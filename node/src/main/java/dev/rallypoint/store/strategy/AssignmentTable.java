package dev.rallypoint.store.strategy;

import dev.rallypoint.store.audit.ChangeTable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Statements on which devices, users and device groups have a strategy. */
public final class AssignmentTable {
  private AssignmentTable() {}

  /** What a strategy is assigned to. */
  public enum Target {
    /** A device. */
    DEVICE("api_device"),
    /** All devices of a user. */
    USER("api_user"),
    /** All devices of a group. */
    DEVICE_GROUP("api_device_group");

    private final String table;

    Target(String table) {
      this.table = table;
    }
  }

  /**
   * The strategies of a device, by their guids.
   *
   * @param own the device's
   */
  public record Assigned(
      String deviceId, Optional<String> own, Optional<String> ofUser, Optional<String> ofGroup) {}

  /**
   * Assigns a strategy, or takes what was assigned away.
   *
   * @param strategy its guid, or null for none
   * @return how many of the targets there are
   */
  public static int assign(
      Handle handle, String org, Target target, List<String> guids, @Nullable String strategy) {
    if (guids.isEmpty()) {
      return 0;
    }
    ChangeTable.note(handle, ChangeTable.STRATEGY);
    return handle
        .createUpdate(
            "update %s set strategy = :strategy where org = :org and guid in (<guids>)"
                .formatted(target.table))
        .bind("strategy", strategy)
        .bind("org", org)
        .bindList("guids", guids)
        .execute();
  }

  /** Deletes a strategy, and takes it away from all that have it. */
  public static void delete(Handle handle, String org, String strategy) {
    for (Target target : Target.values()) {
      handle
          .createUpdate(
              "update %s set strategy = null where org = :org and strategy = :strategy"
                  .formatted(target.table))
          .bind("org", org)
          .bind("strategy", strategy)
          .execute();
    }
    handle
        .createUpdate("delete from api_strategy where org = :org and guid = :strategy")
        .bind("org", org)
        .bind("strategy", strategy)
        .execute();
    ChangeTable.note(handle, ChangeTable.STRATEGY);
  }

  /** The versions that devices get, by the guids of their strategies, of those that count. */
  public static Map<String, Long> published(Handle handle) {
    return handle
        .createQuery(
            """
            select guid, published from api_strategy
            where enabled = true and published is not null
            """)
        .map((rows, context) -> Map.entry(rows.getString(1), rows.getLong(2)))
        .stream()
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  /** Tells of each device that has a strategy, its user's and its group's among them. */
  public static void forEach(Handle handle, int most, Consumer<Assigned> device) {
    handle
        .createQuery(
            """
            select d.id, d.strategy, u.strategy, g.strategy from api_device d
            left join api_user u on u.guid = d.user_guid
            left join api_device_group g on g.guid = d.device_group
            where d.strategy is not null or u.strategy is not null or g.strategy is not null
            limit :most
            """)
        .bind("most", most)
        .map((rows, context) ->
            new Assigned(
                rows.getString(1),
                Optional.ofNullable(rows.getString(2)),
                Optional.ofNullable(rows.getString(3)),
                Optional.ofNullable(rows.getString(4))))
        .forEach(device);
  }
}
