package dev.rallypoint.store;

import dev.rallypoint.cluster.SharedRule;
import dev.rallypoint.store.PeerTable.Answer;
import dev.rallypoint.store.PeerTable.Look;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** What operators ask a SQLite file, and the rules that they change. */
final class SqliteLook {
  private static final String PAGE =
      """
      select peer.id, case when json_valid(info) then json_extract(info, '$.ip') end,
        case typeof(created_at) when 'integer' then created_at else unixepoch(created_at) end,
        peer_day.day, length(pk)
      from peer left join peer_day on peer_day.id = peer.id
      where peer.id > ? and (? < 0 or peer_day.day <= unixepoch() / 86400 - ?)
      order by peer.id limit ?
      """;
  private static final String ONE = PAGE.replace("peer.id > ?", "peer.id = ?");
  private static final String RULES = "select name, value, changed from shared_rule";
  private static final String SAVE_RULE =
      """
      insert into shared_rule (name, value, changed) values (?, ?, ?)
      on conflict (name) do update set value = excluded.value, changed = excluded.changed
      where excluded.changed >= shared_rule.changed
      """;
  private static final String REPLACE_RULE =
      """
      insert into shared_rule (name, value, changed) values (?, ?, ?)
      on conflict (name) do update set value = excluded.value, changed = excluded.changed
      where shared_rule.changed = ? and shared_rule.value = ?
      """;

  private SqliteLook() {}

  static Answer answer(Handle handle, Look call) {
    return switch (call) {
      case Look.Page(PeerQuery query) ->
          new Answer(
              handle
                  .select(
                      query.isExact() ? ONE : PAGE,
                      query.after(),
                      query.days(),
                      query.days(),
                      query.most())
                  .map((row, context) -> peer(row))
                  .list(),
              List.of());
      case Look.Rules.INSTANCE -> new Answer(List.of(), rules(handle));
      case Look.ReplaceRule(Optional<SharedRule> seen, SharedRule rule) ->
          new Answer(List.of(), replace(handle, seen, rule) ? List.of(rule) : List.of());
    };
  }

  /** A row of the columns id, ip, seconds of its making, day of its last use, length of its key. */
  static ListedPeer peer(ResultSet row) throws SQLException {
    return ListedPeer.of(
        row.getString(1), row.getString(2), number(row, 3), number(row, 4), row.getLong(5));
  }

  static List<SharedRule> rules(Handle handle) {
    return handle
        .select(RULES)
        .map((row, context) -> new SharedRule(row.getString(1), row.getString(2), row.getLong(3)))
        .list();
  }

  static void save(Handle handle, SharedRule rule) {
    handle.execute(SAVE_RULE, rule.name(), rule.value(), rule.changed());
  }

  private static boolean replace(Handle handle, Optional<SharedRule> seen, SharedRule rule) {
    return handle.execute(
            REPLACE_RULE,
            rule.name(),
            rule.value(),
            rule.changed(),
            seen.map(SharedRule::changed).orElse(null),
            seen.map(SharedRule::value).orElse(null))
        == 1;
  }

  private static @Nullable Long number(ResultSet row, int column) throws SQLException {
    long number = row.getLong(column);
    return row.wasNull() ? null : number;
  }
}
