package dev.rallypoint.loadtest;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.rallypoint.protocol.identity.PublicKey;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.proto.RendezvousMessage.UnionCase;
import dev.rallypoint.protocol.secure.ClientKeyExchange;
import dev.rallypoint.protocol.secure.HandshakeException;
import dev.rallypoint.protocol.secure.SecretChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One connection to a rendezvous server, TCP or WebSocket: plain, or secured by the KeyExchange
 * that the server begins.
 */
final class ControlLink implements AutoCloseable {
  private final FrameChannel socket;
  private final Consumer<RendezvousMessage> heard;
  private @Nullable SecretChannel channel;

  private ControlLink(FrameChannel socket, Consumer<RendezvousMessage> heard) {
    this.socket = socket;
    this.heard = heard;
  }

  /** Connects; every message that arrives is also told to {@code heard}. */
  static ControlLink open(
      Profile profile, InetSocketAddress server, int localPort, Consumer<RendezvousMessage> heard)
      throws IOException {
    if (profile.transport().isWebSocket()) {
      return new ControlLink(WsFrames.toIdServer(profile, server), heard);
    }
    return new ControlLink(
        new FrameSocket(
            LocalPort.connect(profile.bind(), localPort, server, profile.timing().patience())),
        heard);
  }

  /**
   * Waits for the server's KeyExchange and answers it. When something else comes first it is lost
   * and the link stays plain, as in the client.
   *
   * @throws HandshakeException for an offer that is not signed by this key
   */
  void secure(PublicKey server, Duration timeout, RandomGenerator random)
      throws IOException, HandshakeException {
    RendezvousMessage first = parse(socket.receive(timeout));
    if (first.getUnionCase() != UnionCase.KEY_EXCHANGE) {
      return;
    }
    ClientKeyExchange exchange = ClientKeyExchange.answer(server, first.getKeyExchange(), random);
    send(exchange.answer());
    channel = exchange.channel();
  }

  /** Whether later messages are encrypted. */
  boolean isSecured() {
    return channel != null;
  }

  void send(RendezvousMessage message) throws IOException {
    byte[] payload = message.toByteArray();
    socket.send(channel == null ? payload : channel.seal(payload));
  }

  /** Sends an empty frame, the answer to an empty one: in clear on every link. */
  void beat() throws IOException {
    socket.send(new byte[0]);
  }

  /**
   * The next message; one KeyExchange in front of it is skipped when the client's version does so.
   */
  RendezvousMessage receive(Duration timeout, boolean skipsKeyExchange) throws IOException {
    long start = System.nanoTime();
    RendezvousMessage message = receive(timeout);
    if (!skipsKeyExchange || message.getUnionCase() != UnionCase.KEY_EXCHANGE) {
      return message;
    }
    Duration left = timeout.minusNanos(System.nanoTime() - start);
    return receive(left.isPositive() ? left : Duration.ofMillis(1));
  }

  private RendezvousMessage receive(Duration timeout) throws IOException {
    byte[] payload = socket.receive(timeout);
    try {
      SecretChannel secret = channel;
      RendezvousMessage message =
          parse(secret == null || payload.length <= 1 ? payload : secret.open(payload));
      heard.accept(message);
      return message;
    } catch (HandshakeException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private static RendezvousMessage parse(byte[] payload) throws IOException {
    try {
      return RendezvousMessage.parseFrom(payload);
    } catch (InvalidProtocolBufferException e) {
      throw new IOException("a frame that is no message", e);
    }
  }

  InetSocketAddress local() {
    return socket.local();
  }

  @Override
  public void close() {
    socket.close();
  }
}
