package dev.rallypoint.loadtest;

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
 * What the two roles of one peer share: its settings, what it knows of its NAT, what it heard, the
 * sessions it serves, and all that is to be closed with it.
 */
final class PeerState {
  private final Profile profile;
  private final Supplier<String> id;
  private final Runnable onKeyDoubted;
  private final Heard heard = new Heard();
  private final Set<AutoCloseable> open = ConcurrentHashMap.newKeySet();
  private final BlockingQueue<Session> sessions = new LinkedBlockingQueue<>();
  private final List<String> troubles = new CopyOnWriteArrayList<>();
  private volatile NatType tested = NatType.UNKNOWN_NAT;
  private volatile boolean closed;

  PeerState(Profile profile, Supplier<String> id, Runnable onKeyDoubted) {
    this.profile = profile;
    this.id = id;
    this.onKeyDoubted = onKeyDoubted;
  }

  /** Work of the target's role that may fail without harm to the rest. */
  @FunctionalInterface
  interface Work {
    void run() throws IOException, HandshakeException;
  }

  Profile profile() {
    return profile;
  }

  /** The id at this moment: a mismatch replaces it. */
  String id() {
    return id.get();
  }

  Heard heard() {
    return heard;
  }

  NatType natType() {
    return profile.natType().orElse(tested);
  }

  void natTested(NatType type) {
    tested = type;
  }

  void unconfirm() {
    onKeyDoubted.run();
  }

  void start(String name, Work work) {
    Thread.ofVirtual()
        .name(name)
        .start(() -> {
          try {
            work.run();
          } catch (IOException | HandshakeException e) {
            if (!closed) {
              troubles.add(name + ": " + e.getMessage());
            }
          }
        });
  }

  /** A fresh connection to the rendezvous server. */
  ControlLink openLink() throws IOException {
    return ControlLink.open(profile, profile.servers().rendezvous(), 0, heard::add);
  }

  /** Keeps something to close with the peer. */
  void hold(AutoCloseable closeable) {
    open.add(closeable);
  }

  void release(AutoCloseable closeable) {
    open.remove(closeable);
  }

  void sessionOpened(Session session) {
    sessions.add(session);
  }

  BlockingQueue<Session> sessions() {
    return sessions;
  }

  List<String> troubles() {
    return List.copyOf(troubles);
  }

  void close() {
    closed = true;
    for (AutoCloseable closeable : open) {
      try {
        closeable.close();
      } catch (Exception e) {
        troubles.add("closing: " + e.getMessage());
      }
    }
  }
}
