package dev.rallypoint.loadtest;

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
 * A connection between two peers, after their handshake. The requester drives it; the target serves
 * it by itself until it ends.
 */
public final class Session implements AutoCloseable {
  private static final byte[] WANT = "rallypoint wants ".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] READY = "rallypoint is ready".getBytes(StandardCharsets.US_ASCII);
  private static final int DIGEST = 32;
  private static final Duration SILENCE = Duration.ofSeconds(30);

  private final PeerPipe pipe;
  private final SessionPath path;
  private final Optional<SecretChannel> channel;
  private final boolean askedInSecret;
  private final Optional<RendezvousMessage> answer;
  private final Runnable onClose;

  private Session(
      PeerPipe pipe,
      SessionPath path,
      Optional<SecretChannel> channel,
      boolean askedInSecret,
      Optional<RendezvousMessage> answer,
      Runnable onClose) {
    this.pipe = pipe;
    this.path = path;
    this.channel = channel;
    this.askedInSecret = askedInSecret;
    this.answer = answer;
    this.onClose = onClose;
  }

  /**
   * The requester's end.
   *
   * @param answer what the server answered
   * @param askedInSecret whether the request went over a KeyExchange
   * @param onClose called when it is closed
   */
  static Session ofRequester(
      PeerPipe pipe,
      SessionPath path,
      Optional<SecretChannel> channel,
      boolean askedInSecret,
      RendezvousMessage answer,
      Runnable onClose) {
    return new Session(pipe, path, channel, askedInSecret, Optional.of(answer), onClose);
  }

  /**
   * The target's end.
   *
   * @param onClose lets go of its connection to the server, open as long as a relayed session
   */
  static Session ofTarget(
      PeerPipe pipe, SessionPath path, Optional<SecretChannel> channel, Runnable onClose) {
    return new Session(pipe, path, channel, false, Optional.empty(), onClose);
  }

  /** The way the peers came together. */
  public SessionPath path() {
    return path;
  }

  /** The other end of the socket: the peer, its NAT's public address, or the relay. */
  public InetSocketAddress remote() {
    return pipe.remote();
  }

  /** Whether the peers encrypt end to end: the server's word on the target's key was good. */
  public boolean isSecured() {
    return channel.isPresent();
  }

  /** Whether the requester's link to the server was encrypted. */
  public boolean isAskedInSecret() {
    return askedInSecret;
  }

  /** At the requester, the PunchHoleResponse or RelayResponse that led here. */
  public Optional<RendezvousMessage> answer() {
    return answer;
  }

  /**
   * Sends random bytes to the target while the target sends as many back, both at full speed.
   *
   * @param bytes in each direction
   */
  public Exchange exchange(long bytes) throws IOException {
    send(ByteBuffer.allocate(WANT.length + Long.BYTES).put(WANT).putLong(bytes).array());
    while (!Arrays.equals(receive(), READY)) {
      // What the target said before it read our wish: its SignedId on an unsecured session.
    }
    long start = System.nanoTime();
    FutureTask<RandomTraffic.Passed> sending =
        new FutureTask<>(() -> RandomTraffic.send(this, bytes));
    Thread.ofVirtual().name("session-sender").start(sending);
    RandomTraffic.Passed received = RandomTraffic.receive(this, bytes);
    RandomTraffic.Passed sent = await(sending);
    byte[] verdict = receive();
    return new Exchange(
        bytes,
        sent.payloads(),
        sent.hex(),
        HexFormat.of().formatHex(verdict, DIGEST, 2 * DIGEST),
        received.hex(),
        HexFormat.of().formatHex(verdict, 0, DIGEST),
        Duration.ofNanos(System.nanoTime() - start));
  }

  /** The target's part: answers each wish until the requester ends the session. */
  void serve() throws IOException {
    try {
      while (true) {
        byte[] wish = pipeReceive(Duration.ZERO);
        if (isWish(wish)) {
          serve(ByteBuffer.wrap(wish, WANT.length, Long.BYTES).getLong());
        }
      }
    } catch (EOFException ended) {
      // The requester is done.
    }
  }

  private void serve(long bytes) throws IOException {
    send(READY);
    FutureTask<RandomTraffic.Passed> receiving =
        new FutureTask<>(() -> RandomTraffic.receive(this, bytes));
    Thread.ofVirtual().name("session-receiver").start(receiving);
    byte[] sent = RandomTraffic.send(this, bytes).digest();
    byte[] received = await(receiving).digest();
    send(ByteBuffer.allocate(2 * DIGEST).put(sent).put(received).array());
  }

  private static boolean isWish(byte[] payload) {
    return payload.length == WANT.length + Long.BYTES
        && Arrays.equals(payload, 0, WANT.length, WANT, 0, WANT.length);
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

  /** Sends one payload, encrypted where the session is. */
  public void send(byte[] payload) throws IOException {
    pipe.send(channel.isPresent() ? channel.get().seal(payload) : payload);
  }

  /** The next payload; fails after the 30 s of silence at which clients give up. */
  public byte[] receive() throws IOException {
    return pipeReceive(SILENCE);
  }

  private byte[] pipeReceive(Duration timeout) throws IOException {
    byte[] payload = pipe.receive(timeout);
    try {
      return channel.isPresent() ? channel.get().open(payload) : payload;
    } catch (HandshakeException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  int usualPayload() {
    return pipe.usualPayload();
  }

  @Override
  public void close() {
    pipe.close();
    onClose.run();
  }
}
