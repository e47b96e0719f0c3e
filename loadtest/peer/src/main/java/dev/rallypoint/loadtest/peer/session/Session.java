package dev.rallypoint.loadtest.peer.session;

import dev.rallypoint.loadtest.peer.transport.PeerConnection;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.secure.HandshakeException;
import dev.rallypoint.protocol.secure.SecretChannel;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * A session between two peers, after their handshake. The requester starts transfers; the target
 * answers them in {@link #serve} until the session ends.
 */
public final class Session implements AutoCloseable {
  private static final byte[] TRANSFER_REQUEST =
      "rallypoint transfer ".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] TRANSFER_READY =
      "rallypoint ready".getBytes(StandardCharsets.US_ASCII);
  private static final int DIGEST_LENGTH = 32;
  private static final Duration RECEIVE_TIMEOUT = Duration.ofSeconds(30);

  private final PeerConnection connection;
  private final SessionPath path;
  private final Optional<SecretChannel> channel;
  private final boolean isRequestEncrypted;
  private final Optional<RendezvousMessage> answer;
  private final Runnable onClose;

  private Session(
      PeerConnection connection,
      SessionPath path,
      Optional<SecretChannel> channel,
      boolean isRequestEncrypted,
      Optional<RendezvousMessage> answer,
      Runnable onClose) {
    this.connection = connection;
    this.path = path;
    this.channel = channel;
    this.isRequestEncrypted = isRequestEncrypted;
    this.answer = answer;
    this.onClose = onClose;
  }

  /**
   * The session at the requester.
   *
   * @param answer the answer of the server that led to the session
   * @param isRequestEncrypted whether the request to the server was encrypted
   * @param onClose is called when the session is closed
   */
  public static Session ofRequester(
      PeerConnection connection,
      SessionPath path,
      Optional<SecretChannel> channel,
      boolean isRequestEncrypted,
      RendezvousMessage answer,
      Runnable onClose) {
    return new Session(connection, path, channel, isRequestEncrypted, Optional.of(answer), onClose);
  }

  /**
   * The session at the target.
   *
   * @param onClose is called when the session is closed; a relayed target then closes its
   *     connection to the server
   */
  public static Session ofTarget(
      PeerConnection connection,
      SessionPath path,
      Optional<SecretChannel> channel,
      Runnable onClose) {
    return new Session(connection, path, channel, false, Optional.empty(), onClose);
  }

  /** How the connection was made. */
  public SessionPath path() {
    return path;
  }

  /** The address of the other end: the peer, its NAT, or the relay. */
  public InetSocketAddress remote() {
    return connection.remote();
  }

  /** Whether the peers encrypt end to end, which needs a valid signature of the server. */
  public boolean isEncrypted() {
    return channel.isPresent();
  }

  /** At the requester, whether its request to the server was encrypted. */
  public boolean isRequestEncrypted() {
    return isRequestEncrypted;
  }

  /** At the requester, the PunchHoleResponse or RelayResponse that led to the session. */
  public Optional<RendezvousMessage> answer() {
    return answer;
  }

  /**
   * Sends random bytes to the target at full speed, while the target sends as many back.
   *
   * @param bytes how many in each direction
   */
  public ExchangeResult exchange(long bytes) throws IOException {
    send(
        ByteBuffer.allocate(TRANSFER_REQUEST.length + Long.BYTES)
            .put(TRANSFER_REQUEST)
            .putLong(bytes)
            .array());
    while (!Arrays.equals(receive(), TRANSFER_READY)) {
      // What the target sent before it read the request: its SignedId on an unencrypted session.
    }
    long start = System.nanoTime();
    FutureTask<RandomTraffic.Transferred> sending =
        new FutureTask<>(() -> RandomTraffic.send(this, bytes));
    Thread.ofVirtual().name("session-sender").start(sending);
    RandomTraffic.Transferred received = RandomTraffic.receive(this, bytes);
    RandomTraffic.Transferred sent = await(sending);
    byte[] hashes = receive();
    return new ExchangeResult(
        bytes,
        sent.payloads(),
        sent.hex(),
        HexFormat.of().formatHex(hashes, DIGEST_LENGTH, 2 * DIGEST_LENGTH),
        received.hex(),
        HexFormat.of().formatHex(hashes, 0, DIGEST_LENGTH),
        Duration.ofNanos(System.nanoTime() - start));
  }

  /** At the target, answers each transfer request until the requester ends the session. */
  public void serve() throws IOException {
    try {
      while (true) {
        byte[] request = receive(Duration.ZERO);
        if (isTransferRequest(request)) {
          serve(ByteBuffer.wrap(request, TRANSFER_REQUEST.length, Long.BYTES).getLong());
        }
      }
    } catch (EOFException ended) {
      // The requester has closed the session.
    }
  }

  private void serve(long bytes) throws IOException {
    send(TRANSFER_READY);
    FutureTask<RandomTraffic.Transferred> receiving =
        new FutureTask<>(() -> RandomTraffic.receive(this, bytes));
    Thread.ofVirtual().name("session-receiver").start(receiving);
    byte[] sent = RandomTraffic.send(this, bytes).digest();
    byte[] received = await(receiving).digest();
    send(ByteBuffer.allocate(2 * DIGEST_LENGTH).put(sent).put(received).array());
  }

  private static boolean isTransferRequest(byte[] payload) {
    return payload.length == TRANSFER_REQUEST.length + Long.BYTES
        && Arrays.equals(
            payload, 0, TRANSFER_REQUEST.length, TRANSFER_REQUEST, 0, TRANSFER_REQUEST.length);
  }

  private static <T> T await(FutureTask<T> task) throws IOException {
    try {
      return task.get();
    } catch (ExecutionException e) {
      throw new IOException("the other direction failed", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** Sends one payload, encrypted when the session is. */
  public void send(byte[] payload) throws IOException {
    connection.send(channel.isPresent() ? channel.get().seal(payload) : payload);
  }

  /** Receives the next payload; fails after 30 s without one, as the client does. */
  public byte[] receive() throws IOException {
    return receive(RECEIVE_TIMEOUT);
  }

  private byte[] receive(Duration timeout) throws IOException {
    byte[] payload = connection.receive(timeout);
    try {
      return channel.isPresent() ? channel.get().open(payload) : payload;
    } catch (HandshakeException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  int bulkPayload() {
    return connection.bulkPayload();
  }

  @Override
  public void close() {
    connection.close();
    onClose.run();
  }
}
