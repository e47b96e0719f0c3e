package dev.rallypoint.store;

import com.google.protobuf.ByteString;
import dev.rallypoint.config.PostgresSettings;
import dev.rallypoint.config.SettingException;
import dev.rallypoint.protocol.identity.PeerId;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Peers in a PostgreSQL database that nodes share. Saves are committed in groups by one thread,
 * finds are read in groups by another; a call that finds its queue full fails at once, and when the
 * database does not answer, all that wait fail together.
 */
public final class PostgresPeerStore implements PeerStore {
  private static final int WAITING = 16_384;
  private static final int LARGEST_GROUP = 512;

  private final Runnable closing;
  private final GroupedCalls<SaveRequest, Optional<PeerRow>> saves;
  private final GroupedCalls<PeerId, Optional<PeerRow>> finds;
  private final GroupedCalls<RenameRequest, RenameResult> renames;

  private PostgresPeerStore(SharedDatabase database, Runnable closing) {
    this.closing = closing;
    this.saves =
        new GroupedCalls<>(
            "peer-store-writer",
            WAITING,
            LARGEST_GROUP,
            calls -> database.inTransaction(tx -> PostgresPeerTable.save(tx, calls)),
            PostgresError::blame);
    this.finds =
        new GroupedCalls<>(
            "peer-store-reader",
            WAITING,
            LARGEST_GROUP,
            ids -> database.inTransaction(tx -> PostgresPeerTable.find(tx, ids)),
            PostgresError::blame);
    this.renames =
        new GroupedCalls<>(
            "peer-store-renamer",
            WAITING,
            1,
            calls -> database.inTransaction(tx -> PostgresPeerTable.rename(tx, calls)),
            PostgresError::blame);
  }

  /**
   * Opens a database of its own, which closes with it.
   *
   * @throws SettingException when the database cannot be used; its one line says why
   */
  public static PostgresPeerStore open(PostgresSettings settings) {
    SharedDatabase database = SharedDatabase.open(settings);
    return new PostgresPeerStore(database, database::close);
  }

  /** A store in a database that others use too, and that its opener closes after the store. */
  public static PostgresPeerStore in(SharedDatabase database) {
    return new PostgresPeerStore(database, () -> {});
  }

  @Override
  public CompletionStage<Optional<PeerRow>> find(PeerId id) {
    return finds.submit(id);
  }

  @Override
  public CompletionStage<Optional<PeerRow>> save(PeerRow row, Optional<PeerRow> seen) {
    return saves.submit(new SaveRequest(row, seen));
  }

  @Override
  public CompletionStage<RenameResult> rename(PeerId from, PeerId to, ByteString uuid) {
    return renames.submit(new RenameRequest(from, to, uuid));
  }

  @Override
  public void close() {
    saves.close();
    renames.close();
    finds.close();
    closing.run();
  }
}
