package dev.rallypoint.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.rallypoint.config.PostgresSettings;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.time.Ticker;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Rows for tests, and calls that wait. */
final class Peers {
  static final String IP = "203.0.113.7";

  private Peers() {}

  /** A store in a PostgreSQL database, which closes with the store. */
  static GroupedPeerStore openPostgres(PostgresSettings settings) {
    SharedDatabase database = SharedDatabase.open(settings);
    return new GroupedPeerStore(
        new PostgresPeerTable(database),
        PostgresError::blame,
        new WriteWatch(PostgresError::reason, Ticker.SYSTEM),
        database::close);
  }

  static PeerRow peer(String id) {
    return peer(id, id, IP);
  }

  static PeerRow peer(String id, String seed, String ip) {
    return new PeerRow(new PeerId(id), uuid(seed), key(seed), ip);
  }

  static ByteString uuid(String seed) {
    return ByteString.copyFromUtf8("uuid of " + seed);
  }

  static ByteString key(String seed) {
    byte[] key = new byte[32];
    ByteString.copyFromUtf8(seed).copyTo(key, 0);
    return ByteString.copyFrom(key);
  }

  static Optional<PeerRow> find(PeerStore store, String id) throws Exception {
    return store.find(new PeerId(id)).toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  /** Saves over whatever is stored. */
  static void save(PeerStore store, PeerRow row) throws Exception {
    assertThat(save(store, row, find(store, row.id().value()))).contains(row);
  }

  static Optional<PeerRow> save(PeerStore store, PeerRow row, Optional<PeerRow> seen)
      throws Exception {
    return store.save(row, seen).toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  /** Saves an id that nobody has. */
  static CompletableFuture<Optional<PeerRow>> add(PeerStore store, PeerRow row) {
    return store.save(row, Optional.empty()).toCompletableFuture();
  }

  static RenameResult rename(PeerStore store, String from, String to, String seed)
      throws Exception {
    return store
        .rename(new PeerId(from), new PeerId(to), uuid(seed))
        .toCompletableFuture()
        .get(20, TimeUnit.SECONDS);
  }
}
