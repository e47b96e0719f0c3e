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
  private static final int PATIENCE = 20_000;

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
    socket.setSoTimeout(PATIENCE);
    return new RelayClient(socket);
  }

  RelayClient connectTo(InetSocketAddress address) throws IOException {
    socket.connect(address, PATIENCE);
    return this;
  }

  RelayClient say(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    return this;
  }

  RelayClient say(String text) throws IOException {
    return say(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Says so many pseudo-random bytes and gives their hash. */
  byte[] sayRandom(long seed, long count) throws IOException {
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
  public String hear(int count) throws IOException {
    byte[] heard = socket.getInputStream().readNBytes(count);
    return new String(heard, StandardCharsets.UTF_8);
  }

  /** All bytes to the stream's end as text. */
  String hearAll() throws IOException {
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

  /** How the connection ends when nothing is to be heard: -1 is the stream's end. */
  int read() throws IOException {
    return socket.getInputStream().read();
  }

  /** Whether the connection has been closed by the relay, one way or the other. */
  public boolean isCutOff() {
    try {
      return socket.getInputStream().read() < 0;
    } catch (java.net.SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  /** Whether the connection is closed by the relay behind whatever there is to hear. */
  boolean isCutOffInTheEnd() {
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
  boolean isOver() {
    try {
      socket.setSoTimeout(1);
      return isCutOff();
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
