package dev.rallypoint.relay;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** A raw blocking connection to the relay. Reads give up after 20 s rather than hang a build. */
public final class RelayClient implements AutoCloseable {
  private static final int TIMEOUT = 45_000;

  private final Socket socket;

  private RelayClient(Socket socket) {
    this.socket = socket;
  }

  static RelayClient connect(InetSocketAddress address) throws IOException {
    return connect(address, 0);
  }

  /**
   * @param receiveBuffer bytes of the kernel's receive buffer, 0 for the default
   */
  static RelayClient connect(InetSocketAddress address, int receiveBuffer) throws IOException {
    RelayClient client = unconnected();
    if (receiveBuffer > 0) {
      client.socket.setReceiveBufferSize(receiveBuffer);
    }
    return client.connectTo(address);
  }

  /** A client that has its descriptor and no connection. */
  static RelayClient unconnected() throws IOException {
    Socket socket = new Socket();
    socket.setTcpNoDelay(true); // makes the descriptor
    socket.setSoTimeout(TIMEOUT);
    return new RelayClient(socket);
  }

  RelayClient connectTo(InetSocketAddress address) throws IOException {
    socket.connect(address, TIMEOUT);
    return this;
  }

  RelayClient send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    return this;
  }

  RelayClient send(String text) throws IOException {
    return send(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Sends so many pseudo-random bytes and returns their hash. */
  byte[] sendRandom(long seed, long count) throws IOException {
    Random random = new Random(seed);
    MessageDigest digest = sha256();
    OutputStream out = socket.getOutputStream();
    byte[] chunk = new byte[64 * 1024];
    for (long left = count; left > 0; ) {
      random.nextBytes(chunk);
      int length = (int) Math.min(left, chunk.length);
      out.write(chunk, 0, length);
      digest.update(chunk, 0, length);
      left -= length;
    }
    return digest.digest();
  }

  /** Ends the stream this way only. */
  RelayClient endOutput() throws IOException {
    socket.shutdownOutput();
    return this;
  }

  /** Closes so that the other end sees a reset. */
  void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  /** Exactly so many bytes as text. */
  public String receive(int count) throws IOException {
    byte[] received = socket.getInputStream().readNBytes(count);
    return new String(received, StandardCharsets.UTF_8);
  }

  /** All bytes to the stream's end as text. */
  String receiveAll() throws IOException {
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  /** The hash of all bytes to the stream's end, or of the first so many. */
  byte[] hashOf(long count) throws IOException {
    MessageDigest digest = sha256();
    InputStream in = socket.getInputStream();
    byte[] chunk = new byte[64 * 1024];
    for (long left = count; left > 0; ) {
      int read = in.read(chunk, 0, (int) Math.min(left, chunk.length));
      if (read < 0) {
        break;
      }
      digest.update(chunk, 0, read);
      left -= read;
    }
    return digest.digest();
  }

  /** How the connection ends when nothing is to be received: -1 is the stream's end. */
  int read() throws IOException {
    return socket.getInputStream().read();
  }

  /** Whether the relay closes the connection, by an end or by a reset, before it sends a byte. */
  public boolean isClosed() {
    try {
      return socket.getInputStream().read() < 0;
    } catch (java.net.SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  /** Whether the relay closes the connection after all that it sends. */
  boolean isClosedInTheEnd() {
    try {
      socket.getInputStream().transferTo(OutputStream.nullOutputStream());
      return true;
    } catch (java.net.SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  /** Whether the server has closed already; does not wait for it. */
  boolean isClosedAlready() {
    try {
      socket.setSoTimeout(1);
      return isClosed();
    } catch (IOException e) {
      return true;
    }
  }

  public Socket socket() {
    return socket;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  /** Something that may block, on a thread of its own. */
  static <T> CompletableFuture<T> async(Blocking<T> work) {
    CompletableFuture<T> done = new CompletableFuture<>();
    Thread.startVirtualThread(() -> {
      try {
        done.complete(work.run());
      } catch (Throwable e) {
        done.completeExceptionally(new CompletionException(e));
      }
    });
    return done;
  }

  interface Blocking<T> {
    T run() throws Exception;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
