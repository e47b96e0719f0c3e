package dev.rallypoint.store.strategy;

import dev.rallypoint.store.audit.ChangeTable;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Statements on strategies and their versions. Times are milliseconds since 1970. */
public final class StrategyTable {
  private StrategyTable() {}

  /**
   * A strategy.
   *
   * @param isEnabled whether it counts
   * @param draft its options as they were last written, as JSON
   * @param published the number of the version that devices get, or empty where there is none
   */
  public record StrategyRow(
      String guid,
      String org,
      String name,
      String note,
      boolean isEnabled,
      String draft,
      Optional<Long> published) {}

  /**
   * What was published once.
   *
   * @param number greater than those before; clients compare it with the one that they have
   * @param options as JSON
   */
  public record Version(long number, String strategy, String options) {}

  /** Inserts a strategy; false when the name is taken. */
  public static boolean insert(Handle handle, StrategyRow row, String nameKey, long now) {
    return handle
            .createUpdate(
                """
                insert into api_strategy (guid, org, name, name_key, note, enabled, draft,
                  created_at, updated_at)
                values (:guid, :org, :name, :nameKey, :note, :enabled, :draft, :now, :now)
                on conflict do nothing
                """)
            .bind("guid", row.guid())
            .bind("org", row.org())
            .bind("name", row.name())
            .bind("nameKey", nameKey)
            .bind("note", row.note())
            .bind("enabled", row.isEnabled())
            .bind("draft", row.draft())
            .bind("now", now)
            .execute()
        == 1;
  }

  /** All strategies in the order of their names. */
  public static List<StrategyRow> list(Handle handle, String org) {
    return handle
        .createQuery("select * from api_strategy where org = :org order by name_key")
        .bind("org", org)
        .map((rows, context) -> row(rows))
        .list();
  }

  /** The strategy of a guid. */
  public static Optional<StrategyRow> find(Handle handle, String org, String guid) {
    return handle
        .createQuery("select * from api_strategy where org = :org and guid = :guid")
        .bind("org", org)
        .bind("guid", guid)
        .map((rows, context) -> row(rows))
        .findOne();
  }

  /** How many strategies there are. */
  public static int size(Handle handle, String org) {
    return handle
        .createQuery("select count(*) from api_strategy where org = :org")
        .bind("org", org)
        .mapTo(Integer.class)
        .one();
  }

  /** Whether another strategy has the name. */
  public static boolean isTaken(Handle handle, StrategyRow row, String nameKey) {
    return handle
            .createQuery(
                """
                select count(*) from api_strategy
                where org = :org and name_key = :nameKey and guid <> :guid
                """)
            .bind("org", row.org())
            .bind("nameKey", nameKey)
            .bind("guid", row.guid())
            .mapTo(Integer.class)
            .one()
        > 0;
  }

  /** Writes name, note, draft and whether it counts. */
  public static void update(Handle handle, StrategyRow row, String nameKey, long now) {
    handle
        .createUpdate(
            """
            update api_strategy set name = :name, name_key = :nameKey, note = :note,
              enabled = :enabled, draft = :draft, updated_at = :now
            where guid = :guid
            """)
        .bind("guid", row.guid())
        .bind("name", row.name())
        .bind("nameKey", nameKey)
        .bind("note", row.note())
        .bind("enabled", row.isEnabled())
        .bind("draft", row.draft())
        .bind("now", now)
        .execute();
    ChangeTable.note(handle, ChangeTable.STRATEGY);
  }

  /**
   * Publishes the draft of a strategy.
   *
   * @param most how many versions are kept of it
   * @return the number of the version
   */
  public static long publish(Handle handle, StrategyRow row, String by, long now, int most) {
    ChangeTable.note(handle, ChangeTable.STRATEGY); // one at a time, by the lock of its row
    long last =
        handle
            .createQuery("select coalesce(max(number), 0) from api_strategy_version")
            .mapTo(Long.class)
            .one();
    long number = Math.max(now, last + 1);
    handle
        .createUpdate(
            """
            insert into api_strategy_version (number, org, strategy, options, published_by)
            values (:number, :org, :guid, :draft, :by)
            """)
        .bind("number", number)
        .bind("org", row.org())
        .bind("guid", row.guid())
        .bind("draft", row.draft())
        .bind("by", by)
        .execute();
    handle
        .createUpdate("update api_strategy set published = :number where guid = :guid")
        .bind("number", number)
        .bind("guid", row.guid())
        .execute();
    handle
        .createUpdate(
            """
            delete from api_strategy_version where strategy = :guid and number not in (
              select number from api_strategy_version where strategy = :guid
              order by number desc limit :most)
            """)
        .bind("guid", row.guid())
        .bind("most", most)
        .execute();
    return number;
  }

  /** Forgets the versions of deleted strategies but for the newest ones. */
  public static void forgetDeleted(Handle handle, int most) {
    handle
        .createUpdate(
            """
            delete from api_strategy_version
            where not exists (
                select 1 from api_strategy s where s.guid = api_strategy_version.strategy)
              and number not in (
                select number from api_strategy_version order by number desc limit :most)
            """)
        .bind("most", most)
        .execute();
  }

  /** The versions of all organizations, the newest first. */
  public static List<Version> versions(Handle handle, int most) {
    return handle
        .createQuery(
            """
            select number, strategy, options from api_strategy_version
            order by number desc limit :most
            """)
        .bind("most", most)
        .map((rows, context) -> new Version(rows.getLong(1), rows.getString(2), rows.getString(3)))
        .list();
  }

  private static StrategyRow row(ResultSet rows) throws SQLException {
    long published = rows.getLong("published");
    Optional<Long> number = rows.wasNull() ? Optional.empty() : Optional.of(published);
    return new StrategyRow(
        rows.getString("guid"),
        rows.getString("org"),
        rows.getString("name"),
        rows.getString("note"),
        rows.getBoolean("enabled"),
        rows.getString("draft"),
        number);
  }
}
