package dev.rallypoint.loadtest.peer;

import dev.rallypoint.loadtest.peer.session.Session;
import dev.rallypoint.loadtest.peer.settings.PeerSettings;
import dev.rallypoint.loadtest.peer.transport.RendezvousConnection;
import dev.rallypoint.protocol.proto.NatType;
import dev.rallypoint.protocol.secure.HandshakeException;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Supplier;

/**
 * The state that both roles of a peer share: its settings, its NAT type, the messages it received,
 * the sessions it serves, and the sockets to close with it.
 */
final class PeerState {
  private final PeerSettings settings;
  private final Supplier<String> id;
  private final Runnable onKeyRejected;
  private final MessageLog received = new MessageLog();
  private final Set<AutoCloseable> open = ConcurrentHashMap.newKeySet();
  private final BlockingQueue<Session> sessions = new LinkedBlockingQueue<>();
  private final List<String> errors = new CopyOnWriteArrayList<>();
  private volatile NatType tested = NatType.UNKNOWN_NAT;
  private volatile boolean closed;

  PeerState(PeerSettings settings, Supplier<String> id, Runnable onKeyRejected) {
    this.settings = settings;
    this.id = id;
    this.onKeyRejected = onKeyRejected;
  }

  /** Work in the target role; its failure does not affect the rest of the peer. */
  @FunctionalInterface
  interface Work {
    void run() throws IOException, HandshakeException;
  }

  PeerSettings settings() {
    return settings;
  }

  /** The current id: the client draws a new one after UUID_MISMATCH. */
  String id() {
    return id.get();
  }

  MessageLog received() {
    return received;
  }

  NatType natType() {
    return settings.natType().orElse(tested);
  }

  void setTestedNatType(NatType type) {
    tested = type;
  }

  /** Called when a requester says that this peer's key does not match the registered one. */
  void onKeyRejected() {
    onKeyRejected.run();
  }

  /** Runs work on a new virtual thread; a failure is kept for {@link #errors}. */
  void start(String name, Work work) {
    Thread.ofVirtual()
        .name(name)
        .start(() -> {
          try {
            work.run();
          } catch (IOException | HandshakeException e) {
            if (!closed) {
              errors.add(name + ": " + e.getMessage());
            }
          }
        });
  }

  /** Opens a new, unencrypted connection to the ID server. */
  RendezvousConnection connectToServer() throws IOException {
    return RendezvousConnection.open(settings, settings.servers().rendezvous(), 0, received::add);
  }

  /** Remembers something that must be closed with the peer. */
  void closeWithPeer(AutoCloseable closeable) {
    open.add(closeable);
  }

  /** Forgets something that is closed already. */
  void forget(AutoCloseable closeable) {
    open.remove(closeable);
  }

  void sessionOpened(Session session) {
    sessions.add(session);
  }

  BlockingQueue<Session> sessions() {
    return sessions;
  }

  List<String> errors() {
    return List.copyOf(errors);
  }

  void close() {
    closed = true;
    for (AutoCloseable closeable : open) {
      try {
        closeable.close();
      } catch (Exception e) {
        errors.add("closing: " + e.getMessage());
      }
    }
  }
}
