package dev.rallypoint.loadtest.peer.registration;

import com.google.protobuf.ByteString;
import dev.rallypoint.loadtest.peer.settings.PeerSettings;
import dev.rallypoint.protocol.proto.RegisterPk;
import dev.rallypoint.protocol.proto.RegisterPkResponse;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Keeps one target registered at the ID server, on one thread, until it is closed. */
public abstract class Registration implements Runnable, AutoCloseable {
  private final PeerSettings settings;
  private final Consumer<RendezvousMessage> onReceived;
  private final Consumer<RendezvousMessage> onPush;
  private final CountDownLatch registered = new CountDownLatch(1);
  private volatile boolean closed;
  private volatile boolean confirmed;
  private volatile String id;

  /**
   * @param id the id to register
   * @param confirmed whether the server has accepted the key of this device before
   * @param onReceived is called with every message from the server
   * @param onPush is called with the messages that do not answer a registration
   */
  Registration(
      String id,
      boolean confirmed,
      PeerSettings settings,
      Consumer<RendezvousMessage> onReceived,
      Consumer<RendezvousMessage> onPush) {
    this.id = id;
    this.confirmed = confirmed;
    this.settings = settings;
    this.onReceived = onReceived;
    this.onPush = onPush;
  }

  /** Registers and receives pushes until it is closed. */
  @Override
  public abstract void run();

  /** The current id: the client draws a new one after UUID_MISMATCH. */
  public final String id() {
    return id;
  }

  /** Makes the target send its key again, because a requester rejected it. */
  public final void unconfirm() {
    confirmed = false;
  }

  /**
   * Waits for the first acknowledgement.
   *
   * @return false when none came in time
   */
  public final boolean awaitRegistered(Duration timeout) throws InterruptedException {
    return registered.await(timeout.toNanos(), TimeUnit.NANOSECONDS);
  }

  final PeerSettings settings() {
    return settings;
  }

  final Consumer<RendezvousMessage> onReceived() {
    return onReceived;
  }

  final Consumer<RendezvousMessage> onPush() {
    return onPush;
  }

  final boolean isConfirmed() {
    return confirmed;
  }

  final boolean isClosed() {
    return closed;
  }

  final RendezvousMessage registerPk() {
    RegisterPk.Builder message =
        RegisterPk.newBuilder()
            .setId(id)
            .setUuid(settings.device().uuid())
            .setPk(publicKey(settings));
    return RendezvousMessage.newBuilder().setRegisterPk(message).build();
  }

  private static ByteString publicKey(PeerSettings settings) {
    return settings.device().key().publicKey().bytes();
  }

  /**
   * Takes the result of a RegisterPk.
   *
   * @return whether RegisterPk must be sent again at once, with a new id
   */
  final boolean onResult(RegisterPkResponse.Result result) {
    switch (result) {
      case OK -> {
        confirmed = true;
        acknowledge();
      }
      case UUID_MISMATCH -> {
        confirmed = false;
        id = String.valueOf(ThreadLocalRandom.current().nextInt(1_000_000_000, 2_000_000_000));
        return true;
      }
      case NOT_DEPLOYED -> confirmed = false;
      default -> {
        // The client only logs other results and tries again at the next interval.
      }
    }
    return false;
  }

  final void acknowledge() {
    registered.countDown();
  }

  /** Closes the socket or connection that is in use. */
  abstract void closeSocket();

  @Override
  public final void close() {
    closed = true;
    closeSocket();
  }
}
