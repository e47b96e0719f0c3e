package dev.rallypoint.loadtest;

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

/** Frames over a WebSocket: one binary message for a payload. */
final class WsFrames implements FrameChannel {
  private static final Duration SLOWEST_SEND = Duration.ofSeconds(60);
  private static final int PORTS_UP = 2;
  private static final byte[] END = new byte[1];

  private final HttpClient http;
  private final InetSocketAddress remote;
  private final BlockingQueue<byte[]> received = new LinkedBlockingQueue<>();
  private final WebSocket socket;

  private WsFrames(HttpClient http, WebSocket.Builder builder, URI uri, InetSocketAddress remote)
      throws IOException {
    this.http = http;
    this.remote = remote;
    try {
      this.socket = builder.buildAsync(uri, new Ear()).join();
    } catch (CompletionException e) {
      http.shutdownNow();
      throw new IOException("no WebSocket to " + uri + ": " + e.getCause(), e);
    }
  }

  /** To an ID server, named by its main port or by the one below it: one door for both. */
  static WsFrames toIdServer(Profile profile, InetSocketAddress server) throws IOException {
    int main = profile.servers().rendezvous().getPort();
    return open(profile, server.getHostString(), main + PORTS_UP, "/ws/id");
  }

  /** To a relay, named by its port for TCP. */
  static WsFrames toRelay(Profile profile, InetSocketAddress relay) throws IOException {
    return open(profile, relay.getHostString(), relay.getPort() + PORTS_UP, "/ws/relay");
  }

  private static WsFrames open(Profile profile, String host, int port, String path)
      throws IOException {
    HttpClient.Builder client = HttpClient.newBuilder();
    if (profile.bind() != null) {
      client.localAddress(profile.bind());
    }
    if (profile.trust() != null) {
      client.sslContext(profile.trust());
    }
    HttpClient http = client.build();
    String scheme = profile.transport() == Transport.WSS ? "wss" : "ws";
    return new WsFrames(
        http,
        http.newWebSocketBuilder().connectTimeout(profile.timing().patience()),
        URI.create(scheme + "://" + host + ":" + port + path),
        new InetSocketAddress(host, port));
  }

  @Override
  public void send(byte[] payload) throws IOException {
    try {
      socket
          .sendBinary(ByteBuffer.wrap(payload), true)
          .orTimeout(SLOWEST_SEND.toSeconds(), TimeUnit.SECONDS)
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
      socket.request(1); // not before: so a slow reader slows the sender
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

  private final class Ear implements WebSocket.Listener {
    private byte[] part = new byte[0];

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket from, ByteBuffer piece, boolean last) {
      byte[] whole = Arrays.copyOf(part, part.length + piece.remaining());
      piece.get(whole, part.length, whole.length - part.length);
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
