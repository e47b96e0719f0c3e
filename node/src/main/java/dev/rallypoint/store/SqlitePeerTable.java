package dev.rallypoint.store;

import com.google.protobuf.ByteString;
import dev.rallypoint.cluster.SharedRule;
import dev.rallypoint.protocol.identity.PeerId;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The table of peers in a SQLite file of hbbs's schema. Of an existing row only uuid, key and the
 * ip in {@code info} are ever changed.
 */
record SqlitePeerTable(SqliteFile file) implements PeerTable {
  private static final String FIND =
      """
      select uuid, pk, case when json_valid(info) then json_extract(info, '$.ip') end as ip
      from peer where id = ?
      """;
  private static final String SAVE =
      """
      insert into peer (guid, id, uuid, pk, info)
      values (?1, ?2, ?3, ?4, json_object('ip', ?5))
      on conflict (id) do update set
        uuid = excluded.uuid,
        pk = excluded.pk,
        info = case when not json_valid(info) then excluded.info
                    when json_type(info) <> 'object' then excluded.info
                    else json_set(info, '$.ip', ?5) end
      """;

  private static final String COUNT = "select count(*) from peer";
  private static final String UUID_OF = "select uuid from peer where id = ?";
  private static final String RELEASE = "delete from peer where id = ?";
  private static final String RENAME = "update peer set id = ? where id = ?";

  private static final String MARK_NEW =
      "insert or replace into new_peer (id, stored) values (?, unixepoch())";
  private static final String MARK_SEEN = "delete from new_peer where id = ?";
  private static final String RENAME_NEW = "update new_peer set id = ? where id = ?";
  private static final String IS_NEW = "select 1 from new_peer where id = ?";
  private static final String UNSEEN =
      """
      select id from new_peer where id > ? and stored <= unixepoch() - ?
        and exists (select 1 from peer where peer.id = new_peer.id)
      order by id limit ?
      """;

  private static final String REMOVE_DAY = "delete from peer_day where id = ?";
  private static final String RENAME_DAY = "update peer_day set id = ? where id = ?";
  private static final String IN_USE =
      """
      insert into peer_day (id, day) select id, unixepoch() / 86400 from peer where id = ?
      on conflict (id) do update set day = excluded.day
      """;

  @Override
  public List<Optional<PeerRow>> find(List<PeerId> ids) throws Exception {
    return file.use(handle -> {
      // Jdbi would prepare the statement for each id, which costs more than to run it.
      try (PreparedStatement find = handle.getConnection().prepareStatement(FIND)) {
        List<Optional<PeerRow>> found = new ArrayList<>(ids.size());
        for (PeerId id : ids) {
          found.add(find(find, id));
        }
        return found;
      }
    });
  }

  @Override
  public List<Optional<PeerRow>> save(List<SaveRequest> calls) throws Exception {
    file.requireUndamaged();
    return file.use(handle -> handle.inTransaction(tx -> save(tx, calls)));
  }

  @Override
  public List<RenameResult> rename(List<RenameRequest> calls) throws Exception {
    file.requireUndamaged();
    return file.use(handle ->
        handle.inTransaction(tx -> calls.stream().map(call -> rename(tx, call)).toList()));
  }

  @Override
  public List<List<PeerId>> upkeep(List<Upkeep> calls) throws Exception {
    file.requireUndamaged();
    return file.use(handle ->
        handle.inTransaction(tx -> {
          List<List<PeerId>> done = new ArrayList<>();
          for (Upkeep call : calls) {
            done.add(upkeep(tx, call));
          }
          return done;
        }));
  }

  @Override
  public long count() throws Exception {
    return file.use(handle -> handle.createQuery(COUNT).mapTo(Long.class).one());
  }

  private static List<PeerId> upkeep(Handle handle, Upkeep call) throws SQLException {
    return switch (call) {
      case Upkeep.Unseen unseen ->
          handle
              .select(UNSEEN, unseen.afterText(), unseen.age().toSeconds(), unseen.most())
              .mapTo(String.class)
              .map(PeerId::new)
              .list();
      case Upkeep.Seen(List<PeerId> ids) -> {
        ids.forEach(id -> handle.execute(MARK_SEEN, id.value()));
        yield ids;
      }
      case Upkeep.InUse(List<PeerId> ids) -> {
        ids.forEach(id -> handle.execute(IN_USE, id.value()));
        yield ids;
      }
      case Upkeep.SaveRule(SharedRule rule) -> {
        SqliteLook.save(handle, rule);
        yield List.of();
      }
      case Upkeep.Remove(PeerRow seen) -> remove(handle, seen) ? List.of(seen.id()) : List.of();
      case Upkeep.LetGo(PeerRow seen) -> letGo(handle, seen) ? List.of(seen.id()) : List.of();
      case Upkeep.Probe _ -> {
        handle.execute(MARK_NEW, "");
        handle.execute(MARK_SEEN, "");
        yield List.of();
      }
    };
  }

  private static boolean remove(Handle handle, PeerRow seen) throws SQLException {
    try (PreparedStatement find = handle.getConnection().prepareStatement(FIND)) {
      if (!find(find, seen.id()).equals(Optional.of(seen))) {
        return false;
      }
    }
    for (String delete : List.of(RELEASE, MARK_SEEN, REMOVE_DAY)) {
      handle.execute(delete, seen.id().value());
    }
    return true;
  }

  @Override
  public List<Answer> look(List<Look> calls) throws Exception {
    return file.use(handle -> calls.stream().map(call -> SqliteLook.answer(handle, call)).toList());
  }

  private static boolean letGo(Handle handle, PeerRow seen) throws SQLException {
    String id = seen.id().value();
    try (PreparedStatement find = handle.getConnection().prepareStatement(FIND)) {
      if (!find(find, seen.id()).equals(Optional.of(seen))
          || handle.select(IS_NEW, id).mapTo(Integer.class).findOne().isEmpty()) {
        return false;
      }
    }
    for (String delete : List.of(RELEASE, MARK_SEEN, REMOVE_DAY)) {
      handle.execute(delete, id);
    }
    return true;
  }

  private static Optional<PeerRow> find(PreparedStatement find, PeerId id) throws SQLException {
    find.setString(1, id.value());
    try (ResultSet row = find.executeQuery()) {
      if (!row.next()) {
        return Optional.empty();
      }
      String ip = StoredIp.normalise(row.getString("ip"));
      return Optional.of(
          new PeerRow(id, bytes(row.getBytes("uuid")), bytes(row.getBytes("pk")), ip));
    }
  }

  private static ByteString bytes(byte @Nullable [] blob) {
    return blob == null ? ByteString.EMPTY : ByteString.copyFrom(blob);
  }

  private static List<Optional<PeerRow>> save(Handle handle, List<SaveRequest> calls)
      throws SQLException {
    List<Optional<PeerRow>> now = new ArrayList<>(calls.size());
    try (PreparedStatement find = handle.getConnection().prepareStatement(FIND);
        PreparedStatement save = handle.getConnection().prepareStatement(SAVE);
        PreparedStatement mark = handle.getConnection().prepareStatement(MARK_NEW)) {
      for (SaveRequest call : calls) {
        PeerRow row = call.row();
        Optional<PeerRow> stored = find(find, row.id());
        boolean isAsSeen = stored.equals(call.seen());
        if (isAsSeen) {
          save.setBytes(1, PeerTable.guid(UUID.randomUUID()));
          save.setString(2, row.id().value());
          save.setBytes(3, row.uuid().toByteArray());
          save.setBytes(4, row.key().toByteArray());
          save.setString(5, row.ip());
          save.executeUpdate();
          if (stored.isEmpty()) {
            mark.setString(1, row.id().value());
            mark.executeUpdate();
          }
        }
        now.add(isAsSeen ? Optional.of(row) : stored);
      }
    }
    return now;
  }

  private static RenameResult rename(Handle handle, RenameRequest call) {
    Optional<ByteString> owner = uuidOf(handle, call.from());
    Optional<ByteString> taken = uuidOf(handle, call.to());
    RenameResult result = call.result(owner, taken);
    if (result == RenameResult.DONE && owner.isPresent() && !call.from().equals(call.to())) {
      handle.execute(RELEASE, call.to().value());
      handle.execute(RENAME, call.to().value(), call.from().value());
      handle.execute(MARK_SEEN, call.to().value());
      handle.execute(RENAME_NEW, call.to().value(), call.from().value());
      handle.execute(REMOVE_DAY, call.to().value());
      handle.execute(RENAME_DAY, call.to().value(), call.from().value());
    }
    return result;
  }

  private static Optional<ByteString> uuidOf(Handle handle, PeerId id) {
    return handle
        .select(UUID_OF, id.value())
        .map((row, context) -> bytes(row.getBytes("uuid")))
        .findOne();
  }
}
