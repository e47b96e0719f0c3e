package dev.rallypoint.loadtest.peer.transport;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.rallypoint.loadtest.peer.settings.PeerSettings;
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
 * A connection to an ID server over TCP or WebSocket. It is unencrypted until {@link #encrypt} has
 * answered the KeyExchange of the server.
 */
public final class RendezvousConnection implements AutoCloseable {
  private final FrameConnection frames;
  private final Consumer<RendezvousMessage> onReceived;
  private @Nullable SecretChannel channel;

  private RendezvousConnection(FrameConnection frames, Consumer<RendezvousMessage> onReceived) {
    this.frames = frames;
    this.onReceived = onReceived;
  }

  /**
   * Connects.
   *
   * @param localPort 0 takes any free one
   * @param onReceived is called with every message that arrives, before it is returned
   */
  public static RendezvousConnection open(
      PeerSettings settings,
      InetSocketAddress server,
      int localPort,
      Consumer<RendezvousMessage> onReceived)
      throws IOException {
    if (settings.transport().isWebSocket()) {
      return new RendezvousConnection(
          WebSocketFrameConnection.toIdServer(settings, server), onReceived);
    }
    return new RendezvousConnection(
        new TcpFrameConnection(
            ReusePortSockets.connect(localPort, server, settings.timing().timeout())),
        onReceived);
  }

  /**
   * Waits for the KeyExchange of the server and answers it. When another message comes first, that
   * message is lost and the connection stays unencrypted, as in the client.
   *
   * @throws HandshakeException when the KeyExchange is not signed by this key
   */
  public void encrypt(PublicKey server, Duration timeout, RandomGenerator random)
      throws IOException, HandshakeException {
    RendezvousMessage first = parse(frames.receive(timeout));
    if (first.getUnionCase() != UnionCase.KEY_EXCHANGE) {
      return;
    }
    ClientKeyExchange exchange = ClientKeyExchange.answer(server, first.getKeyExchange(), random);
    send(exchange.answer());
    channel = exchange.channel();
  }

  /** Whether messages are encrypted. */
  public boolean isEncrypted() {
    return channel != null;
  }

  /** Sends one message. */
  public void send(RendezvousMessage message) throws IOException {
    byte[] payload = message.toByteArray();
    frames.send(channel == null ? payload : channel.seal(payload));
  }

  /** Sends an empty frame, the answer to a keep-alive; it is never encrypted. */
  public void sendKeepAlive() throws IOException {
    frames.send(new byte[0]);
  }

  /**
   * Receives the next message.
   *
   * @param skipsKeyExchange whether one KeyExchange before the message is skipped
   */
  public RendezvousMessage receive(Duration timeout, boolean skipsKeyExchange) throws IOException {
    long start = System.nanoTime();
    RendezvousMessage message = receive(timeout);
    if (!skipsKeyExchange || message.getUnionCase() != UnionCase.KEY_EXCHANGE) {
      return message;
    }
    Duration left = timeout.minusNanos(System.nanoTime() - start);
    return receive(left.isPositive() ? left : Duration.ofMillis(1));
  }

  private RendezvousMessage receive(Duration timeout) throws IOException {
    byte[] payload = frames.receive(timeout);
    try {
      SecretChannel secret = channel;
      RendezvousMessage message =
          parse(secret == null || payload.length <= 1 ? payload : secret.open(payload));
      onReceived.accept(message);
      return message;
    } catch (HandshakeException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  private static RendezvousMessage parse(byte[] payload) throws IOException {
    try {
      return RendezvousMessage.parseFrom(payload);
    } catch (InvalidProtocolBufferException e) {
      throw new IOException("a frame that is not a message", e);
    }
  }

  /** The own address, whose port a NAT has mapped. */
  public InetSocketAddress local() {
    return frames.local();
  }

  @Override
  public void close() {
    frames.close();
  }
}
