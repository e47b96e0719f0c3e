package dev.rallypoint.rendezvous;

import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.secure.HandshakeException;
import dev.rallypoint.protocol.secure.SecretChannel;
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
  private final PeerAddress address;
  private final boolean onWebSocket;
  private @Nullable SecretChannel channel;
  private int droppedInARow;

  ClientLink(ActorRef<Link.Message> connection, PeerAddress address, boolean onWebSocket) {
    this.connection = connection;
    this.address = address;
    this.onWebSocket = onWebSocket;
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

  /** Sets the connection's deadline, from now; it replaces the deadline before. */
  void deadline(Duration within) {
    connection.tell(new Link.SetDeadline(within));
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
