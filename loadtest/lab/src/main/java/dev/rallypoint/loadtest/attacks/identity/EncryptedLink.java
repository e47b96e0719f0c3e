package dev.rallypoint.loadtest.attacks.identity;

import dev.rallypoint.loadtest.attacks.harness.AttackContext;
import dev.rallypoint.loadtest.load.SourceAddresses;
import dev.rallypoint.loadtest.peer.transport.TcpFrameConnection;
import dev.rallypoint.protocol.identity.PublicKey;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.secure.ClientKeyExchange;
import dev.rallypoint.protocol.secure.HandshakeException;
import dev.rallypoint.protocol.secure.SecretChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.Duration;

/** An encrypted connection of a device to the ID server, as for a registration over TCP. */
final class EncryptedLink implements AutoCloseable {
  private static final Duration ANSWER = Duration.ofSeconds(3);

  private final TcpFrameConnection connection;
  private final SecretChannel channel;

  private EncryptedLink(TcpFrameConnection connection, SecretChannel channel) {
    this.connection = connection;
    this.channel = channel;
  }

  /** Connects from this address and answers the KeyExchange of the server. */
  static EncryptedLink open(AttackContext context, InetAddress from) throws IOException {
    TcpFrameConnection connection = SourceAddresses.connect(from, context.node().idServer());
    context.closing(connection);
    try {
      RendezvousMessage offer = RendezvousMessage.parseFrom(connection.receive(ANSWER));
      PublicKey server = PublicKey.parse(context.node().key()).orElseThrow();
      ClientKeyExchange exchange =
          ClientKeyExchange.answer(server, offer.getKeyExchange(), new SecureRandom());
      connection.send(exchange.answer().toByteArray());
      return new EncryptedLink(connection, exchange.channel());
    } catch (HandshakeException e) {
      connection.close();
      throw new IOException(e.getMessage(), e);
    } catch (IOException e) {
      connection.close();
      throw e;
    }
  }

  void send(RendezvousMessage message) throws IOException {
    connection.send(channel.seal(message.toByteArray()));
  }

  /** Receives the next message; answers keep-alives meanwhile. */
  RendezvousMessage receive(Duration timeout) throws IOException {
    byte[] frame = connection.receive(timeout);
    while (frame.length == 0) {
      connection.send(frame);
      frame = connection.receive(timeout);
    }
    try {
      return RendezvousMessage.parseFrom(channel.open(frame));
    } catch (HandshakeException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    connection.close();
  }
}
