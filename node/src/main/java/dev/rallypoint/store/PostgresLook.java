package dev.rallypoint.store;

import dev.rallypoint.cluster.SharedRule;
import dev.rallypoint.store.PeerTable.Answer;
import dev.rallypoint.store.PeerTable.Look;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What operators ask the shared database, and the rules that they change. */
final class PostgresLook {
  private static final String PAGE =
      """
      select peer.id, peer.ip, extract(epoch from peer.created_at)::bigint,
        (peer_day.day - date '1970-01-01')::bigint, length(peer.pk)
      from peer left join peer_day on peer_day.id = peer.id
      where peer.id > ? and (? < 0 or peer_day.day <= current_date - ?::int)
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

  private static final String PROBE =
      """
      insert into new_peer (id) values ('')
      on conflict (id) do update set stored = excluded.stored
      """;

  private PostgresLook() {}

  static Answer answer(Connection tx, Look call) throws SQLException {
    return switch (call) {
      case Look.Page(PeerQuery query) -> new Answer(page(tx, query), List.of());
      case Look.Rules.INSTANCE -> new Answer(List.of(), rules(tx));
      case Look.ReplaceRule(Optional<SharedRule> seen, SharedRule rule) ->
          new Answer(List.of(), replace(tx, seen, rule) ? List.of(rule) : List.of());
    };
  }

  private static List<ListedPeer> page(Connection tx, PeerQuery query) throws SQLException {
    try (PreparedStatement page = tx.prepareStatement(query.isExact() ? ONE : PAGE)) {
      page.setString(1, query.after());
      page.setLong(2, query.days());
      page.setLong(3, Math.max(query.days(), 0));
      page.setInt(4, query.most());
      List<ListedPeer> found = new ArrayList<>();
      try (ResultSet rows = page.executeQuery()) {
        while (rows.next()) {
          found.add(SqliteLook.peer(rows));
        }
      }
      return found;
    }
  }

  private static List<SharedRule> rules(Connection tx) throws SQLException {
    try (PreparedStatement select = tx.prepareStatement(RULES);
        ResultSet rows = select.executeQuery()) {
      List<SharedRule> rules = new ArrayList<>();
      while (rows.next()) {
        rules.add(new SharedRule(rows.getString(1), rows.getString(2), rows.getLong(3)));
      }
      return rules;
    }
  }

  /** Writes something that changes nothing. */
  static void probe(Connection tx) throws SQLException {
    try (Statement statement = tx.createStatement()) {
      statement.execute(PROBE);
      statement.execute("delete from new_peer where id = ''");
    }
  }

  static void save(Connection tx, SharedRule rule) throws SQLException {
    try (PreparedStatement save = tx.prepareStatement(SAVE_RULE)) {
      bind(save, rule);
      save.executeUpdate();
    }
  }

  private static boolean replace(Connection tx, Optional<SharedRule> seen, SharedRule rule)
      throws SQLException {
    try (PreparedStatement replace = tx.prepareStatement(REPLACE_RULE)) {
      bind(replace, rule);
      replace.setObject(4, seen.map(SharedRule::changed).orElse(null), Types.BIGINT);
      replace.setString(5, seen.map(SharedRule::value).orElse(null));
      return replace.executeUpdate() == 1;
    }
  }

  private static void bind(PreparedStatement statement, SharedRule rule) throws SQLException {
    statement.setString(1, rule.name());
    statement.setString(2, rule.value());
    statement.setLong(3, rule.changed());
  }
}
