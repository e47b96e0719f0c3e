package dev.rallypoint.loadtest.peer.registration;

import dev.rallypoint.loadtest.peer.settings.PeerSettings;
import dev.rallypoint.loadtest.peer.transport.RendezvousConnection;
import dev.rallypoint.protocol.proto.RegisterPkResponse;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.proto.RendezvousMessage.UnionCase;
import dev.rallypoint.protocol.secure.HandshakeException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A registration over one connection: TCP with a KeyExchange, or WebSocket. It sends RegisterPk
 * when the connection is open and again while the key is not confirmed, and answers the keep-alives
 * of the server.
 */
public final class ConnectionRegistration extends Registration {
  private static final Duration RECONNECT_AFTER = Duration.ofSeconds(18);

  private volatile Duration keepAlive = Duration.ofSeconds(60);
  private volatile @Nullable RendezvousConnection connection;

  /**
   * Does not connect before {@link #run}.
   *
   * @param onReceived is called with every message from the server
   * @param onPush is called with the messages that do not answer a registration
   */
  public ConnectionRegistration(
      String id,
      PeerSettings settings,
      Consumer<RendezvousMessage> onReceived,
      Consumer<RendezvousMessage> onPush) {
    super(id, false, settings, onReceived, onPush);
  }

  @Override
  public void run() {
    while (!isClosed()) {
      long begun = System.nanoTime();
      try (RendezvousConnection opened =
          RendezvousConnection.open(
              settings(), settings().servers().registration(), 0, onReceived())) {
        connection = opened;
        serve(opened);
      } catch (IOException | HandshakeException e) {
        long rest = RECONNECT_AFTER.toNanos() - (System.nanoTime() - begun);
        if (!isClosed() && rest > 0) {
          LockSupport.parkNanos(rest);
        }
      }
    }
  }

  private void serve(RendezvousConnection opened) throws IOException, HandshakeException {
    if (!settings().transport().isWebSocket()) {
      opened.encrypt(
          settings()
              .serverKey()
              .orElseThrow(() -> new HandshakeException("the key option is not a public key")),
          settings().timing().timeout(),
          new SecureRandom());
    }
    opened.send(registerPk());
    long lastReceived = System.nanoTime();
    while (!isClosed()) {
      try {
        RendezvousMessage message = opened.receive(settings().timing().registerInterval(), false);
        lastReceived = System.nanoTime();
        onMessage(opened, message);
      } catch (SocketTimeoutException e) {
        if (System.nanoTime() - lastReceived > keepAlive.toNanos() * 3 / 2) {
          throw e;
        }
        if (!isConfirmed()) {
          opened.send(registerPk());
        }
      }
    }
  }

  private void onMessage(RendezvousConnection opened, RendezvousMessage message)
      throws IOException {
    if (message.getUnionCase() == UnionCase.UNION_NOT_SET) {
      opened.sendKeepAlive();
    } else if (message.hasRegisterPkResponse()) {
      onResponse(opened, message.getRegisterPkResponse());
    } else {
      onPush().accept(message);
    }
  }

  private void onResponse(RendezvousConnection opened, RegisterPkResponse response)
      throws IOException {
    if (response.getKeepAlive() > 0) {
      keepAlive = Duration.ofSeconds(response.getKeepAlive());
    }
    if (onResult(response.getResult())) {
      opened.send(registerPk());
    }
  }

  @Override
  void closeSocket() {
    RendezvousConnection opened = connection;
    if (opened != null) {
      opened.close();
    }
  }
}
