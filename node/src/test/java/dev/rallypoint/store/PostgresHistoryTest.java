package dev.rallypoint.store;

import com.google.protobuf.ByteString;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.testing.TestPostgres;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Histories of several nodes, on PostgreSQL. */
class PostgresHistoryTest extends PeerHistoryContract {
  private final String url = TestPostgres.database();

  @Override
  PeerStore open() {
    return Peers.openPostgres(TestPostgres.settings(url));
  }

  @Override
  void watch() {
    try (SharedDatabase database = SharedDatabase.open(TestPostgres.settings(url))) {
      database
          .jdbi()
          .useHandle(handle ->
              handle.execute(
                  """
                  create table change (n bigserial primary key, before peer, after peer);
                  create function note() returns trigger language plpgsql as $$
                  begin
                    insert into change (before, after) values (
                      case when tg_op <> 'INSERT' then old end,
                      case when tg_op <> 'DELETE' then new end);
                    return null;
                  end $$;
                  create trigger note after insert or update or delete on peer
                  for each row execute function note()
                  """));
    }
  }

  @Override
  List<Change> changes() {
    try (SharedDatabase database = SharedDatabase.open(TestPostgres.settings(url))) {
      return database
          .jdbi()
          .withHandle(handle ->
              handle
                  .createQuery(
                      """
                      select (before).id, (before).uuid, (before).pk, (before).ip,
                        (after).id, (after).uuid, (after).pk, (after).ip
                      from change order by n
                      """)
                  .map((row, context) -> new Change(row(row, 1), row(row, 5)))
                  .list());
    }
  }

  private static @Nullable PeerRow row(ResultSet row, int first) throws SQLException {
    String id = row.getString(first);
    return id == null
        ? null
        : new PeerRow(
            new PeerId(id),
            ByteString.copyFrom(row.getBytes(first + 1)),
            ByteString.copyFrom(row.getBytes(first + 2)),
            row.getString(first + 3));
  }
}
