package dev.rallypoint.loadtest.peer.transport;

import dev.rallypoint.loadtest.peer.settings.PeerSettings;
import dev.rallypoint.loadtest.peer.settings.Transport;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Frames over a WebSocket: each payload is one binary message. */
final class WebSocketFrameConnection implements FrameConnection {
  private static final Duration SEND_TIMEOUT = Duration.ofSeconds(60);
  private static final int WEBSOCKET_PORT_OFFSET = 2;
  private static final byte[] END = new byte[1];

  private final HttpClient http;
  private final InetSocketAddress remote;
  private final BlockingQueue<byte[]> received = new LinkedBlockingQueue<>();
  private final WebSocket socket;

  private WebSocketFrameConnection(
      HttpClient http, WebSocket.Builder builder, URI uri, InetSocketAddress remote)
      throws IOException {
    this.http = http;
    this.remote = remote;
    try {
      this.socket = builder.buildAsync(uri, new Receiver()).join();
    } catch (CompletionException e) {
      http.shutdownNow();
      throw new IOException("no WebSocket to " + uri + ": " + e.getCause(), e);
    }
  }

  /** Connects to an ID server; the WebSocket port serves what TCP 21115 and 21116 serve. */
  static WebSocketFrameConnection toIdServer(PeerSettings settings, InetSocketAddress server)
      throws IOException {
    int main = settings.servers().rendezvous().getPort();
    return open(settings, server.getHostString(), main + WEBSOCKET_PORT_OFFSET, "/ws/id");
  }

  /** Connects to a relay, given the address of its TCP port. */
  static WebSocketFrameConnection toRelay(PeerSettings settings, InetSocketAddress relay)
      throws IOException {
    return open(
        settings, relay.getHostString(), relay.getPort() + WEBSOCKET_PORT_OFFSET, "/ws/relay");
  }

  private static WebSocketFrameConnection open(
      PeerSettings settings, String host, int port, String path) throws IOException {
    HttpClient.Builder client = HttpClient.newBuilder();
    if (settings.tls() != null) {
      client.sslContext(settings.tls());
    }
    HttpClient http = client.build();
    String scheme = settings.transport() == Transport.WSS ? "wss" : "ws";
    return new WebSocketFrameConnection(
        http,
        http.newWebSocketBuilder().connectTimeout(settings.timing().timeout()),
        URI.create(scheme + "://" + host + ":" + port + path),
        new InetSocketAddress(host, port));
  }

  @Override
  public void send(byte[] payload) throws IOException {
    try {
      socket
          .sendBinary(ByteBuffer.wrap(payload), true)
          .orTimeout(SEND_TIMEOUT.toSeconds(), TimeUnit.SECONDS)
          .join();
    } catch (CompletionException e) {
      throw new IOException(String.valueOf(e.getCause()), e);
    }
  }

  @Override
  public byte[] receive(Duration timeout) throws IOException {
    try {
      byte[] next =
          timeout.isZero()
              ? received.take()
              : received.poll(timeout.toNanos(), TimeUnit.NANOSECONDS);
      if (next == null) {
        throw new SocketTimeoutException("no message in time");
      }
      if (next == END) {
        received.add(END);
        throw new EOFException("closed by the other side");
      }
      socket.request(1); // only now, so that a slow reader slows the sender down
      return next;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  @Override
  public InetSocketAddress local() {
    return new InetSocketAddress(0);
  }

  @Override
  public InetSocketAddress remote() {
    return remote;
  }

  @Override
  public void close() {
    socket.abort();
    received.add(END);
    http.shutdownNow();
  }

  private final class Receiver implements WebSocket.Listener {
    private byte[] part = new byte[0];

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket from, ByteBuffer bytes, boolean last) {
      byte[] whole = Arrays.copyOf(part, part.length + bytes.remaining());
      bytes.get(whole, part.length, whole.length - part.length);
      if (last) {
        part = new byte[0];
        received.add(whole);
      } else {
        part = whole;
        from.request(1);
      }
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
      received.add(END);
      return null;
    }

    @Override
    public void onError(WebSocket from, Throwable why) {
      received.add(END);
    }
  }
}
