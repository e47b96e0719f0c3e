package dev.rallypoint.relay;

import dev.rallypoint.relay.backhaul.Backhaul;
import dev.rallypoint.transport.Acceptor;
import dev.rallypoint.transport.Listener;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;

/**
 * The ports of a relay: those of clients, which a drain closes and its end opens again, and the one
 * of other nodes, which stays. Safe for all threads.
 */
final class RelayPorts {
  /** Opens both ports of clients. */
  @FunctionalInterface
  interface Opening {
    /**
     * @param tcp where to listen for TCP
     * @param webSockets where to listen for WebSockets
     * @return fails with an IOException when one of them cannot be bound
     */
    CompletionStage<Clients> open(InetSocketAddress tcp, InetSocketAddress webSockets);
  }

  /** The ports of clients, which are open. */
  record Clients(Acceptor tcp, Listener webSockets) {
    void close() {
      tcp.close();
      webSockets.unbind();
    }
  }

  private final Optional<Backhaul> backhaul;
  private final Opening opening;
  private Clients clients;
  private CompletableFuture<Done> closed = new CompletableFuture<>();
  private boolean isStopped;

  /** Ports that are open. */
  RelayPorts(Optional<Backhaul> backhaul, Opening opening, Clients clients) {
    this.backhaul = backhaul;
    this.opening = opening;
    this.clients = clients;
  }

  Optional<Backhaul> backhaul() {
    return backhaul;
  }

  /** Where clients connect by TCP, also while the port is closed. */
  synchronized InetSocketAddress tcp() {
    return clients.tcp.address();
  }

  /** Where clients connect by WebSocket, also while the port is closed. */
  synchronized InetSocketAddress webSockets() {
    return clients.webSockets.address();
  }

  /** Complete once clients' connections are not taken. */
  synchronized CompletionStage<Done> whenClosed() {
    return closed.minimalCompletionStage();
  }

  /** Whether clients' connections are taken. */
  synchronized boolean areOpen() {
    return !closed.isDone();
  }

  /** Takes no more connections of clients. */
  synchronized void close() {
    clients.close();
    closed.complete(Done.getInstance());
  }

  /** Takes no more connections at all, and is not opened again. */
  synchronized void stop() {
    isStopped = true;
    close();
    backhaul.ifPresent(Backhaul::close);
  }

  /**
   * Takes connections of clients again, at the same ports; nothing where they are open.
   *
   * @return fails with an IOException when a port cannot be bound, because it is another program's
   */
  synchronized CompletionStage<Done> reopen() {
    return areOpen() ? done() : opening.open(tcp(), webSockets()).thenCompose(this::opened);
  }

  private synchronized CompletionStage<Done> opened(Clients again) {
    if (isStopped) {
      again.close();
    } else {
      clients = again;
      closed = new CompletableFuture<>();
    }
    return done();
  }

  private static CompletionStage<Done> done() {
    return CompletableFuture.completedStage(Done.getInstance());
  }
}
