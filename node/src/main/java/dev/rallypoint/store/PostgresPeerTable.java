package dev.rallypoint.store;

import com.google.protobuf.ByteString;
import dev.rallypoint.cluster.SharedRule;
import dev.rallypoint.protocol.identity.PeerId;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** The table of peers in the PostgreSQL database that the nodes of a cluster share. */
record PostgresPeerTable(SharedDatabase database) implements PeerTable {
  /** How long the lock of a row is awaited; a commit takes less. */
  private static final String LOCK_TIMEOUT = "set local lock_timeout = '1s'";

  private static final String FIND = "select id, uuid, pk, ip from peer where id = any (?)";

  // Of two rows with one id the first is inserted.
  private static final String INSERT =
      """
      with added as (
        insert into peer (guid, id, uuid, pk, ip)
        select uuid_send(gen_random_uuid()), id, uuid, pk, ip
        from unnest(?, ?, ?, ?) with ordinality as given (id, uuid, pk, ip, place)
        order by id, place
        on conflict do nothing returning id),
      marked as (
        insert into new_peer (id) select id from added
        on conflict (id) do update set stored = excluded.stored)
      select id from added
      """;
  private static final String REPLACE =
      """
      update peer set uuid = ?, pk = ?, ip = ?
      where id = ? and uuid = ? and pk = ? and ip = ?
      """;

  // Always the lower id first, so that two transactions that lock both rows cannot deadlock.
  private static final String LOCK = FIND + " order by id for update";
  private static final String RELEASE = "delete from %s where id = ?";
  private static final String RENAME = "update %s set id = ? where id = ?";

  private static final String MARK_SEEN = "delete from new_peer where id = any (?)";

  // Where the row has changed, its device was seen.
  private static final String LET_GO =
      """
      with unseen as (delete from new_peer where id = ? returning id),
        gone as (
          delete from peer using unseen
          where peer.id = unseen.id and uuid = ? and pk = ? and ip = ? returning peer.id),
        day as (delete from peer_day using gone where peer_day.id = gone.id)
      select id from gone
      """;

  private static final String IN_USE =
      """
      insert into peer_day (id, day) select id, current_date from peer where id = any (?)
      on conflict (id) do update set day = excluded.day where peer_day.day < excluded.day
      """;
  private static final String REMOVE =
      "delete from peer where id = ? and uuid = ? and pk = ? and ip = ?";

  /** The tables that may have a row of an id beside that of its peer. */
  private static final List<String> BESIDE = List.of("new_peer", "peer_day");

  @Override
  public List<Optional<PeerRow>> find(List<PeerId> ids) throws SQLException {
    Map<PeerId, PeerRow> found = database.inTransaction(tx -> rows(tx, FIND, ids));
    return ids.stream().map(id -> Optional.ofNullable(found.get(id))).toList();
  }

  @Override
  public List<Optional<PeerRow>> save(List<SaveRequest> calls) throws SQLException {
    return database.inTransaction(tx -> save(tx, calls));
  }

  @Override
  public List<RenameResult> rename(List<RenameRequest> calls) throws SQLException {
    return database.inTransaction(tx -> {
      execute(tx, LOCK_TIMEOUT);
      List<RenameResult> done = new ArrayList<>();
      for (RenameRequest call : calls) {
        done.add(rename(tx, call));
      }
      return done;
    });
  }

  @Override
  public long count() throws SQLException {
    return database.inTransaction(PostgresLook::count);
  }

  @Override
  public List<List<PeerId>> upkeep(List<Upkeep> calls) throws SQLException {
    return database.inTransaction(tx -> {
      execute(tx, LOCK_TIMEOUT);
      List<List<PeerId>> done = new ArrayList<>();
      for (Upkeep call : calls) {
        done.add(upkeep(tx, call));
      }
      return done;
    });
  }

  private static List<PeerId> upkeep(Connection tx, Upkeep call) throws SQLException {
    return switch (call) {
      case Upkeep.Unseen unseen -> PostgresLook.unseen(tx, unseen);
      case Upkeep.Seen(List<PeerId> ids) -> {
        try (PreparedStatement mark = tx.prepareStatement(MARK_SEEN)) {
          mark.setArray(1, texts(tx, ids));
          mark.executeUpdate();
        }
        yield ids;
      }
      case Upkeep.InUse(List<PeerId> ids) -> {
        try (PreparedStatement mark = tx.prepareStatement(IN_USE)) {
          mark.setArray(1, texts(tx, ids));
          mark.executeUpdate();
        }
        yield ids;
      }
      case Upkeep.SaveRule(SharedRule rule) -> {
        PostgresLook.save(tx, rule);
        yield List.of();
      }
      case Upkeep.Remove(PeerRow seen) -> remove(tx, seen) ? List.of(seen.id()) : List.of();
      case Upkeep.Probe _ -> {
        PostgresLook.probe(tx);
        yield List.of();
      }
      case Upkeep.LetGo(PeerRow seen) -> {
        try (PreparedStatement letGo = tx.prepareStatement(LET_GO)) {
          letGo.setString(1, seen.id().value());
          bind(letGo, 2, seen);
          yield letGo.executeQuery().next() ? List.of(seen.id()) : List.of();
        }
      }
    };
  }

  private static boolean remove(Connection tx, PeerRow seen) throws SQLException {
    try (PreparedStatement remove = tx.prepareStatement(REMOVE)) {
      remove.setString(1, seen.id().value());
      bind(remove, 2, seen);
      if (remove.executeUpdate() == 0) {
        return false;
      }
    }
    for (String table : BESIDE) {
      execute(tx, RELEASE.formatted(table), seen.id());
    }
    return true;
  }

  @Override
  public List<Answer> look(List<Look> calls) throws SQLException {
    return database.inTransaction(tx -> {
      List<Answer> answers = new ArrayList<>();
      for (Look call : calls) {
        answers.add(PostgresLook.answer(tx, call));
      }
      return answers;
    });
  }

  private static Array texts(Connection tx, List<PeerId> ids) throws SQLException {
    return tx.createArrayOf("text", ids.stream().map(PeerId::value).toArray());
  }

  /**
   * Each statement changes a row only if it is still as it was seen, however many nodes try at
   * once. New ids first and the lower id first, so that two groups cannot deadlock.
   */
  private static List<Optional<PeerRow>> save(Connection tx, List<SaveRequest> calls)
      throws SQLException {
    Map<SaveRequest, PeerRow> saved = new HashMap<>();
    execute(tx, LOCK_TIMEOUT);
    insert(tx, calls.stream().filter(call -> call.seen().isEmpty()).toList(), saved);
    List<SaveRequest> replaced = inOrder(calls);
    try (PreparedStatement replace = tx.prepareStatement(REPLACE)) {
      for (SaveRequest call : replaced) {
        bind(replace, 1, call.row());
        replace.setString(4, call.row().id().value());
        bind(replace, 5, call.seen().orElseThrow());
        replace.addBatch();
      }
      note(replaced, replace.executeBatch(), saved);
    }
    Stream<SaveRequest> overtaken = calls.stream().filter(call -> !saved.containsKey(call));
    Map<PeerId, PeerRow> others = rows(tx, FIND, overtaken.map(call -> call.row().id()).toList());
    return calls.stream()
        .map(call -> Optional.ofNullable(saved.getOrDefault(call, others.get(call.row().id()))))
        .toList();
  }

  private static RenameResult rename(Connection tx, RenameRequest call) throws SQLException {
    Map<PeerId, PeerRow> rows = rows(tx, LOCK, List.of(call.from(), call.to()));
    Optional<ByteString> owner = Optional.ofNullable(rows.get(call.from())).map(PeerRow::uuid);
    Optional<ByteString> taken = Optional.ofNullable(rows.get(call.to())).map(PeerRow::uuid);
    RenameResult result = call.result(owner, taken);
    if (result == RenameResult.DONE && owner.isPresent() && !call.from().equals(call.to())) {
      execute(tx, RELEASE.formatted("peer"), call.to());
      execute(tx, RENAME.formatted("peer"), call.to(), call.from());
      for (String table : BESIDE) {
        execute(tx, RELEASE.formatted(table), call.to());
        execute(tx, RENAME.formatted(table), call.to(), call.from());
      }
    }
    return result;
  }

  private static void insert(
      Connection tx, List<SaveRequest> calls, Map<SaveRequest, PeerRow> saved) throws SQLException {
    if (calls.isEmpty()) {
      return;
    }
    Map<String, SaveRequest> first = new HashMap<>();
    calls.forEach(call -> first.putIfAbsent(call.row().id().value(), call));
    List<PeerRow> rows = calls.stream().map(SaveRequest::row).toList();
    try (PreparedStatement insert = tx.prepareStatement(INSERT)) {
      insert.setArray(1, texts(tx, rows.stream().map(PeerRow::id).toList()));
      insert.setArray(2, bytes(tx, rows.stream().map(PeerRow::uuid)));
      insert.setArray(3, bytes(tx, rows.stream().map(PeerRow::key)));
      insert.setArray(4, tx.createArrayOf("text", rows.stream().map(PeerRow::ip).toArray()));
      ResultSet added = insert.executeQuery();
      while (added.next()) {
        SaveRequest call = Objects.requireNonNull(first.get(added.getString(1)));
        saved.put(call, call.row());
      }
    }
  }

  private static Array bytes(Connection tx, Stream<ByteString> values) throws SQLException {
    return tx.createArrayOf("bytea", values.map(ByteString::toByteArray).toArray(byte[][]::new));
  }

  private static List<SaveRequest> inOrder(List<SaveRequest> calls) {
    return calls.stream()
        .filter(call -> call.seen().isPresent())
        .sorted(Comparator.comparing(call -> call.row().id().value()))
        .toList();
  }

  private static void note(List<SaveRequest> calls, int[] counts, Map<SaveRequest, PeerRow> saved) {
    for (int i = 0; i < calls.size(); i++) {
      if (counts[i] == 1) {
        saved.put(calls.get(i), calls.get(i).row());
      }
    }
  }

  private static void bind(PreparedStatement statement, int first, PeerRow row)
      throws SQLException {
    statement.setBytes(first, row.uuid().toByteArray());
    statement.setBytes(first + 1, row.key().toByteArray());
    statement.setString(first + 2, row.ip());
  }

  private static Map<PeerId, PeerRow> rows(Connection tx, String sql, List<PeerId> ids)
      throws SQLException {
    Map<PeerId, PeerRow> found = new HashMap<>();
    if (ids.isEmpty()) {
      return found;
    }
    try (PreparedStatement find = tx.prepareStatement(sql)) {
      find.setArray(1, texts(tx, ids));
      ResultSet rows = find.executeQuery();
      while (rows.next()) {
        PeerId id = new PeerId(rows.getString(1));
        ByteString uuid = ByteString.copyFrom(rows.getBytes(2));
        ByteString key = ByteString.copyFrom(rows.getBytes(3));
        found.put(id, new PeerRow(id, uuid, key, rows.getString(4)));
      }
    }
    return found;
  }

  private static void execute(Connection tx, String sql, PeerId... ids) throws SQLException {
    try (PreparedStatement statement = tx.prepareStatement(sql)) {
      for (int i = 0; i < ids.length; i++) {
        statement.setString(i + 1, ids[i].value());
      }
      statement.executeUpdate();
    }
  }
}
