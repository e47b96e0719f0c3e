package dev.rallypoint.app.doctor.client;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.rallypoint.app.doctor.Contact;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.frame.FrameDecoder;
import dev.rallypoint.protocol.frame.FrameEncoder;
import dev.rallypoint.protocol.frame.FrameException;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.secure.HandshakeException;
import dev.rallypoint.protocol.secure.SecretChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A TCP connection that speaks frames. Connecting and each read take 3 s at most. */
final class FrameLink implements MessageLink {
  /** How long connecting and each read may take. */
  static final int PATIENCE_MILLIS = 3_000;

  /** Far above what a server sends a client. */
  private static final int LONGEST = 1 << 16;

  private final Socket socket;
  private final FrameDecoder decoder = new FrameDecoder(LONGEST);
  private final byte[] piece = new byte[8_192];
  private @Nullable SecretChannel channel;

  private FrameLink(Socket socket) {
    this.socket = socket;
  }

  /** Connects from any local port. */
  static FrameLink to(InetSocketAddress address) throws NoAnswerException {
    return to(address, 0);
  }

  /**
   * Connects.
   *
   * @param localPort to come from, 0 for any
   */
  static FrameLink to(InetSocketAddress address, int localPort) throws NoAnswerException {
    Socket socket = new Socket();
    try {
      socket.setReuseAddress(true);
      if (localPort != 0) {
        socket.bind(new InetSocketAddress(localPort));
      }
      socket.connect(address, PATIENCE_MILLIS);
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.setTcpNoDelay(true);
      return new FrameLink(socket);
    } catch (IOException e) {
      close(socket);
      throw NoAnswerException.ofConnecting(e);
    }
  }

  /** Encrypts all frames from now on. */
  void secure(SecretChannel secret) {
    channel = secret;
  }

  @Override
  public void send(RendezvousMessage message) throws NoAnswerException {
    byte[] payload = message.toByteArray();
    try {
      socket
          .getOutputStream()
          .write(FrameEncoder.encode(channel == null ? payload : channel.seal(payload)));
    } catch (IOException e) {
      throw NoAnswerException.ofReading(e);
    }
  }

  @Override
  public RendezvousMessage receive() throws NoAnswerException {
    try {
      byte[] payload = decoder.poll();
      while (payload == null) {
        int length = socket.getInputStream().read(piece);
        if (length < 0) {
          throw new NoAnswerException(Contact.CLOSED);
        }
        decoder.feed(ByteBuffer.wrap(piece, 0, length));
        payload = decoder.poll();
      }
      return RendezvousMessage.parseFrom(channel == null ? payload : channel.open(payload));
    } catch (FrameException | HandshakeException | InvalidProtocolBufferException e) {
      throw new NoAnswerException(Contact.FOREIGN);
    } catch (IOException e) {
      throw NoAnswerException.ofReading(e);
    }
  }

  @Override
  public PeerAddress local() {
    return PeerAddress.of((InetSocketAddress) socket.getLocalSocketAddress());
  }

  /** The connection itself, for what is not in frames. */
  Socket socket() {
    return socket;
  }

  @Override
  public void close() {
    close(socket);
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It goes with the process at the latest.
    }
  }
}
