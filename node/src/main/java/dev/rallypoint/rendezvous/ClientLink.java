package dev.rallypoint.rendezvous;

import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.secure.HandshakeException;
import dev.rallypoint.protocol.secure.SecretChannel;
import dev.rallypoint.time.Ticker;
import dev.rallypoint.transport.ClientConnection;
import dev.rallypoint.transport.Link;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.apache.pekko.actor.typed.ActorRef;
import org.jspecify.annotations.Nullable;

/**
 * One client's TCP or WebSocket connection, as the classes that serve it use it. All methods are
 * called on the connection's own thread; {@link #later} brings the result of an asynchronous call
 * back to it.
 */
final class ClientLink {
  private final ActorRef<Link.Message> connection;
  private final ClientConnection client;
  private final PeerAddress address;
  private final boolean onWebSocket;
  private final Lifetime lifetime;
  private @Nullable SecretChannel channel;
  private int droppedInARow;
  private long end;
  private boolean isRegistered;

  /**
   * How long a connection may stay open, whatever is sent on it, unless it is a registration link.
   *
   * @param most from its begin
   */
  record Lifetime(Duration most, Ticker ticker, Counters counters) {}

  ClientLink(
      ActorRef<Link.Message> connection,
      ClientConnection client,
      boolean onWebSocket,
      Lifetime lifetime) {
    this.connection = connection;
    this.client = client;
    this.address = client.address();
    this.onWebSocket = onWebSocket;
    this.lifetime = lifetime;
    this.end = lifetime.ticker().nanos() + lifetime.most().toNanos();
  }

  PeerAddress address() {
    return address;
  }

  boolean onWebSocket() {
    return onWebSocket;
  }

  /** The connection's actor reference, which other actors may send messages to. */
  ActorRef<Link.Message> ref() {
    return connection;
  }

  /** Encrypts all frames from now on, in both directions. */
  void secure(SecretChannel agreed) {
    channel = agreed;
  }

  /** The payload of a received frame in clear; fails when it is not genuine. */
  byte[] decrypted(byte[] payload) throws HandshakeException {
    return channel == null ? payload : channel.open(payload);
  }

  void send(RendezvousMessage message) {
    send(message.toByteArray());
  }

  /** Sends a serialized message as one frame, encrypted where the connection is. */
  void send(byte[] message) {
    connection.tell(new Link.SendFrame(channel == null ? message : channel.seal(message)));
  }

  /** Asks for the client's next frame. */
  void ready() {
    connection.tell(new Link.Ready());
  }

  /** A frame is served. */
  void onServed() {
    droppedInARow = 0;
  }

  /** A frame is dropped; gives how many there were since the last one that was served. */
  int onDropped() {
    return ++droppedInARow;
  }

  /** Closes the connection once everything sent before is written. */
  void finish() {
    connection.tell(new Link.Finish());
  }

  /**
   * Sets the connection's deadline, from now; it replaces the deadline before. It is never later
   * than the connection's end; after its end the connection is closed instead.
   */
  void deadline(Duration within) {
    Duration left = Duration.ofNanos(end - lifetime.ticker().nanos());
    if (isRegistered || left.compareTo(within) >= 0) {
      connection.tell(new Link.SetDeadline(within));
    } else if (left.isPositive()) {
      connection.tell(new Link.SetDeadline(left));
    } else {
      lifetime.counters().dropped(DropReason.CONNECTION_OVERTIME);
      finish();
    }
  }

  /** The client has sent a frame. */
  void onHeard() {
    client.onHeard();
  }

  /** The connection may stay open for so long from now. */
  void mayLast(Duration longer) {
    end = lifetime.ticker().nanos() + longer.toNanos();
  }

  /** A peer is registered on the connection: it may stay open for as long as the peer wants. */
  void setRegistered() {
    isRegistered = true;
    client.setLasting(true);
  }

  /**
   * Calls {@code then} with a stage's result or failure on the connection's thread, once the stage
   * is complete. Does nothing when the connection is closed by then.
   */
  <T> void later(CompletionStage<T> stage, BiConsumer<@Nullable T, @Nullable Throwable> then) {
    stage.whenComplete(
        (result, failure) -> connection.tell(new Link.Run(() -> then.accept(result, failure))));
  }
}
