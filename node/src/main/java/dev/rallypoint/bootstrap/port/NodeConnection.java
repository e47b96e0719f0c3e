package dev.rallypoint.bootstrap.port;

import dev.rallypoint.transport.tls.MutualTls;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.stream.OverflowStrategy;
import org.apache.pekko.stream.QueueOfferResult;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.javadsl.SourceQueueWithComplete;
import org.apache.pekko.util.ByteString;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A connection that was accepted at the cluster's port. One thread proves it and passes it on. */
final class NodeConnection {
  private static final Logger LOG = LoggerFactory.getLogger(NodeConnection.class);
  private static final int BUFFER = 32 * 1024;

  /** Reads that wait for Artery at most; behind that nothing is read from the connection. */
  private static final int READ_AHEAD = 4;

  private final SocketChannel channel;
  private final InetSocketAddress remote;
  private final byte[] buffer = new byte[BUFFER];
  private @Nullable InputStream in;
  private int first;

  NodeConnection(SocketChannel channel) throws IOException {
    this.channel = channel;
    this.remote = (InetSocketAddress) channel.getRemoteAddress();
  }

  InetAddress address() {
    return remote.getAddress();
  }

  /** Closes it, from any thread; its own thread ends by that. */
  void close() {
    try {
      channel.close();
    } catch (IOException e) {
      LOG.debug("closing a connection of {}", remote, e);
    }
  }

  /**
   * Waits for a certificate of the cluster and the first byte. It blocks, so it is for a virtual
   * thread.
   *
   * @param tls empty for a connection in clear, where the first byte is enough
   * @param within how long both may take together
   * @throws IOException when there is none; a SocketTimeoutException when it was too late. The
   *     connection is closed
   */
  void prove(Optional<SSLContext> tls, Duration within) throws IOException {
    CompletableFuture<Void> deadline = MutualTls.closeAfter(channel, within);
    try {
      Socket socket =
          tls.isPresent() ? MutualTls.over(channel, tls.get(), false, within) : channel.socket();
      InputStream stream = socket.getInputStream();
      first = stream.read(buffer);
      if (first < 0) {
        throw new EOFException("closed before its first byte");
      }
      in = stream;
    } catch (IOException | RuntimeException e) {
      close();
      if (deadline.isDone()) {
        throw new SocketTimeoutException("nothing proven within " + within);
      }
      throw e instanceof IOException io ? io : new IOException(e);
    } finally {
      deadline.cancel(false);
    }
  }

  /** Moves its bytes to Artery until it ends. It blocks, so it is for a virtual thread. */
  void pass(ArteryInbound artery, ActorSystem<?> system) {
    try {
      move(Objects.requireNonNull(in), artery, system);
    } catch (IOException | RuntimeException e) { // also when this node's actor system has ended
      LOG.debug("the connection of the node {} broke", remote, e);
    } finally {
      close(); // or the other node would wait for this one when it ends
    }
  }

  private void move(InputStream proven, ArteryInbound artery, ActorSystem<?> system)
      throws IOException {
    SourceQueueWithComplete<ByteString> queue =
        Source.<ByteString>queue(READ_AHEAD, OverflowStrategy.backpressure())
            .via(artery.connectionFlow().toCompletableFuture().join())
            .to(Sink.ignore())
            .run(system);
    var unused = queue.watchCompletion().whenComplete((done, failure) -> close());
    try {
      for (int read = first; read >= 0; read = proven.read(buffer)) {
        QueueOfferResult taken =
            queue.offer(ByteString.fromArray(buffer, 0, read)).toCompletableFuture().join();
        if (taken != QueueOfferResult.enqueued()) {
          return;
        }
      }
    } finally {
      queue.complete();
    }
  }

  @Override
  public String toString() {
    return remote.toString().replaceFirst("^.*/", "");
  }
}
