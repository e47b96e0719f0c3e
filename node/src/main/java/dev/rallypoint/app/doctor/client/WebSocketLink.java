package dev.rallypoint.app.doctor.client;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.rallypoint.app.doctor.Contact;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A WebSocket connection, one message for each binary message. */
final class WebSocketLink implements MessageLink {
  private static final Duration PATIENCE = Duration.ofMillis(FrameLink.PATIENCE_MILLIS);
  private static final int LONGEST = 1 << 16;

  /** What waits to be read; a server that sends more is no server of RustDesk. */
  private static final int MOST_WAITING = 16;

  private static final byte[] END = new byte[0];

  private final Inbox inbox;
  private final WebSocket socket;

  private WebSocketLink(Inbox inbox, WebSocket socket) {
    this.inbox = inbox;
    this.socket = socket;
  }

  /** An HTTP answer instead of the upgrade. */
  static final class NotUpgradedException extends Exception {
    private final int status;

    NotUpgradedException(int status) {
      super("HTTP " + status);
      this.status = status;
    }

    /** The answer's status. */
    int status() {
      return status;
    }
  }

  /** Connects to a URL of the schemes ws or wss; the certificate may be any. */
  static WebSocketLink to(HttpClient http, URI url) throws NoAnswerException, NotUpgradedException {
    Inbox inbox = new Inbox();
    try {
      return new WebSocketLink(
          inbox, http.newWebSocketBuilder().connectTimeout(PATIENCE).buildAsync(url, inbox).join());
    } catch (CompletionException e) {
      if (e.getCause() instanceof WebSocketHandshakeException refused) {
        throw new NotUpgradedException(refused.getResponse().statusCode());
      }
      throw e.getCause() instanceof IOException failure
          ? NoAnswerException.ofHttp(failure)
          : new NoAnswerException(Contact.DROPPED);
    }
  }

  /** The client for {@link #to}; close it after its connections. */
  static HttpClient http() {
    return HttpClient.newBuilder()
        .connectTimeout(PATIENCE)
        .proxy(HttpClient.Builder.NO_PROXY)
        .sslContext(new AnyCertificate().context())
        .build();
  }

  @Override
  public void send(RendezvousMessage message) throws NoAnswerException {
    try {
      socket.sendBinary(ByteBuffer.wrap(message.toByteArray()), true).join();
    } catch (CompletionException e) {
      throw new NoAnswerException(Contact.CLOSED);
    }
  }

  @Override
  public RendezvousMessage receive() throws NoAnswerException {
    byte[] next = inbox.next();
    try {
      return RendezvousMessage.parseFrom(next);
    } catch (InvalidProtocolBufferException e) {
      throw new NoAnswerException(Contact.FOREIGN);
    }
  }

  /** The next message's bytes, which need not be of the ID server's protocol. */
  byte[] receiveBytes() throws NoAnswerException {
    return inbox.next();
  }

  @Override
  public PeerAddress local() {
    return PeerAddress.ABSENT;
  }

  @Override
  public void close() {
    socket.abort();
  }

  private static final class Inbox implements WebSocket.Listener {
    private final BlockingQueue<byte[]> received = new ArrayBlockingQueue<>(MOST_WAITING);
    private final ByteArrayOutputStream parts = new ByteArrayOutputStream();

    byte[] next() throws NoAnswerException {
      byte @Nullable [] next;
      try {
        next = received.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new NoAnswerException(Contact.SILENT);
      }
      if (next == null) {
        throw new NoAnswerException(Contact.SILENT);
      }
      if (next == END) {
        throw new NoAnswerException(Contact.CLOSED);
      }
      return next;
    }

    @Override
    public @Nullable CompletionStage<?> onBinary(WebSocket from, ByteBuffer part, boolean isLast) {
      byte[] bytes = new byte[part.remaining()];
      part.get(bytes);
      if (parts.size() + bytes.length > LONGEST) {
        from.abort();
        end();
        return null;
      }
      parts.writeBytes(bytes);
      if (isLast && !received.offer(parts.toByteArray())) {
        from.abort();
        return null;
      }
      if (isLast) {
        parts.reset();
      }
      from.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket from, int code, String reason) {
      end();
      return null;
    }

    @Override
    public void onError(WebSocket from, Throwable failure) {
      end();
    }

    private void end() {
      // Where it is full, what came before the end is read first, and then nothing comes.
      var unused = received.offer(END);
    }
  }
}
