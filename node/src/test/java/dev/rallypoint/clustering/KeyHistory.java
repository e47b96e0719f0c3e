package dev.rallypoint.clustering;

import com.google.protobuf.ByteString;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.store.PeerRow;
import dev.rallypoint.store.PeerStore;
import dev.rallypoint.store.Renaming;
import dev.rallypoint.testing.MemoryPeerStore;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A store that remembers every row it was given, in order. */
final class KeyHistory implements PeerStore {
  private final MemoryPeerStore store = new MemoryPeerStore();
  private final Queue<PeerRow> saved = new ConcurrentLinkedQueue<>();

  @Override
  public CompletionStage<Optional<PeerRow>> find(PeerId id) {
    return store.find(id);
  }

  @Override
  public CompletionStage<Void> save(PeerRow row) {
    saved.add(row);
    return store.save(row);
  }

  @Override
  public CompletionStage<Renaming> rename(PeerId from, PeerId to, ByteString uuid) {
    return store.rename(from, to, uuid);
  }

  @Override
  public void close() {
    store.close();
  }

  /** All rows that were saved. */
  List<PeerRow> saved() {
    return List.copyOf(saved);
  }
}
