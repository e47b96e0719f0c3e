package dev.rallypoint.testing;

import dev.rallypoint.protocol.proto.RendezvousMessage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A WebSocket client; a read that takes 10 s fails the test. */
public final class WsClient implements FrameClient {
  private static final Duration PATIENCE = Duration.ofSeconds(45);
  private static final byte[] END = new byte[0];

  private final HttpClient http;
  private final BlockingQueue<byte[]> received = new LinkedBlockingQueue<>();
  private final CompletableFuture<byte[]> pong = new CompletableFuture<>();
  private final WebSocket socket;

  /** Connects to any path of a port of this machine. */
  public WsClient(int port, String path) {
    this("127.0.0.1", port, path);
  }

  /** Connects to any path of a port of an ip of this machine. */
  public WsClient(String ip, int port, String path) {
    URI uri = URI.create("ws://" + ip + ":" + port + path);
    http = HttpClient.newHttpClient();
    socket =
        http.newWebSocketBuilder().connectTimeout(PATIENCE).buildAsync(uri, new Listener()).join();
  }

  /**
   * Connects from an ip of this machine, such as 127.0.0.2, with headers of its own; takes every
   * certificate.
   */
  public WsClient(URI uri, String from, Map<String, String> headers) {
    http =
        HttpClient.newBuilder()
            .localAddress(InetAddress.ofLiteral(from))
            .sslContext(TestCertificate.trustingAll())
            .build();
    WebSocket.Builder builder = http.newWebSocketBuilder().connectTimeout(PATIENCE);
    headers.forEach(builder::header);
    socket = builder.buildAsync(uri, new Listener()).join();
  }

  private final class Listener implements WebSocket.Listener {
    private final ByteArrayOutputStream parts = new ByteArrayOutputStream();

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket from, ByteBuffer data, boolean last) {
      byte[] part = new byte[data.remaining()];
      data.get(part);
      parts.writeBytes(part);
      if (last) {
        received.add(parts.toByteArray());
        parts.reset();
      }
      from.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onPong(WebSocket from, ByteBuffer data) {
      byte[] bytes = new byte[data.remaining()];
      data.get(bytes);
      pong.complete(bytes);
      from.request(1);
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

  /** Sends a payload as one binary message. */
  @Override
  public WsClient sendFrame(byte[] payload) {
    socket.sendBinary(ByteBuffer.wrap(payload), true).join();
    return this;
  }

  /** Sends a payload as one message in three fragments. */
  public WsClient sendInFragments(byte[] payload) {
    int third = payload.length / 3;
    socket.sendBinary(ByteBuffer.wrap(payload, 0, third), false).join();
    socket.sendBinary(ByteBuffer.wrap(payload, third, third), false).join();
    socket.sendBinary(ByteBuffer.wrap(payload, 2 * third, payload.length - 2 * third), true).join();
    return this;
  }

  /** Sends the beginning of a message. */
  public WsClient sendFragment(byte[] bytes) {
    socket.sendBinary(ByteBuffer.wrap(bytes), false).join();
    return this;
  }

  public WsClient sendText(String text) {
    socket.sendText(text, true).join();
    return this;
  }

  @Override
  public WsClient send(RendezvousMessage message) {
    return sendFrame(message.toByteArray());
  }

  /** Pings, and waits for no answer. */
  public WsClient sendPing() {
    socket.sendPing(ByteBuffer.allocate(0)).join();
    return this;
  }

  /** Pings, and gives what the pong brought back. */
  public byte[] ping(byte[] bytes) {
    socket.sendPing(ByteBuffer.wrap(bytes)).join();
    return pong.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
  }

  /** The next message. */
  @Override
  public RendezvousMessage receive() {
    byte[] payload = receiveFrame();
    if (payload == null) {
      throw new AssertionError("closed instead of an answer");
    }
    try {
      return RendezvousMessage.parseFrom(payload);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** The next message's payload, or null at the end. */
  @Override
  public byte @Nullable [] receiveFrame() {
    try {
      byte[] next = received.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      if (next == null) {
        throw new AssertionError("nothing came in " + PATIENCE);
      }
      return next == END ? null : next;
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Says that it closes, and still reads. */
  @Override
  public WsClient endOutput() {
    socket.sendClose(WebSocket.NORMAL_CLOSURE, "").join();
    return this;
  }

  @Override
  public void close() {
    socket.abort();
    http.shutdownNow();
  }
}
