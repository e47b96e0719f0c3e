package dev.rallypoint.loadtest;

import dev.rallypoint.protocol.proto.RegisterPk;
import dev.rallypoint.protocol.proto.RegisterPkResponse;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.proto.RendezvousMessage.UnionCase;
import dev.rallypoint.protocol.secure.HandshakeException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A target's registration over a link: TCP secured by a KeyExchange, or WebSocket. RegisterPk once
 * it is open, and again while it is not confirmed; the server's empty frames are answered.
 */
final class LinkRegistration implements Registration {
  private static final Duration BETWEEN_LINKS = Duration.ofSeconds(18);

  private final Profile profile;
  private final Consumer<RendezvousMessage> heard;
  private final Consumer<RendezvousMessage> onPush;
  private final CountDownLatch registered = new CountDownLatch(1);
  private final AtomicLong acknowledgements = new AtomicLong();
  private volatile boolean closed;
  private volatile boolean confirmed;
  private volatile String id;
  private volatile Duration keepAlive = Duration.ofSeconds(60);
  private volatile @Nullable ControlLink link;

  LinkRegistration(
      String id,
      Profile profile,
      Consumer<RendezvousMessage> heard,
      Consumer<RendezvousMessage> onPush) {
    this.id = id;
    this.profile = profile;
    this.heard = heard;
    this.onPush = onPush;
  }

  @Override
  public void run() {
    while (!closed) {
      long begun = System.nanoTime();
      try (ControlLink open =
          ControlLink.open(profile, profile.servers().registration(), 0, heard)) {
        link = open;
        serve(open);
      } catch (IOException | HandshakeException e) {
        long rest = BETWEEN_LINKS.toNanos() - (System.nanoTime() - begun);
        if (!closed && rest > 0) {
          LockSupport.parkNanos(rest);
        }
      }
    }
  }

  private void serve(ControlLink open) throws IOException, HandshakeException {
    if (!profile.transport().isWebSocket()) {
      open.secure(
          profile
              .serverKey()
              .orElseThrow(() -> new HandshakeException("the key option is no public key")),
          profile.timing().patience(),
          new SecureRandom());
    }
    open.send(registerPk());
    long lastHeard = System.nanoTime();
    while (!closed) {
      try {
        RendezvousMessage message = open.receive(profile.timing().registerInterval(), false);
        lastHeard = System.nanoTime();
        onMessage(open, message);
      } catch (SocketTimeoutException e) {
        if (System.nanoTime() - lastHeard > keepAlive.toNanos() * 3 / 2) {
          throw e;
        }
        if (!confirmed) {
          open.send(registerPk());
        }
      }
    }
  }

  private void onMessage(ControlLink open, RendezvousMessage message) throws IOException {
    if (message.getUnionCase() == UnionCase.UNION_NOT_SET) {
      open.beat();
    } else if (message.hasRegisterPkResponse()) {
      onResponse(open, message.getRegisterPkResponse());
    } else {
      onPush.accept(message);
    }
  }

  private void onResponse(ControlLink open, RegisterPkResponse response) throws IOException {
    if (response.getKeepAlive() > 0) {
      keepAlive = Duration.ofSeconds(response.getKeepAlive());
    }
    switch (response.getResult()) {
      case OK -> {
        confirmed = true;
        acknowledgements.incrementAndGet();
        registered.countDown();
      }
      case UUID_MISMATCH -> {
        confirmed = false;
        id = String.valueOf(ThreadLocalRandom.current().nextInt(1_000_000_000, 2_000_000_000));
        open.send(registerPk());
      }
      case NOT_DEPLOYED -> confirmed = false;
      default -> {
        // Only logged by the client; the next tick tries again.
      }
    }
  }

  private RendezvousMessage registerPk() {
    RegisterPk message =
        RegisterPk.newBuilder()
            .setId(id)
            .setUuid(profile.device().uuid())
            .setPk(profile.device().key().publicKey().bytes())
            .build();
    return RendezvousMessage.newBuilder().setRegisterPk(message).build();
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public void unconfirm() {
    confirmed = false;
  }

  @Override
  public int localPort() {
    ControlLink open = link;
    return open == null ? 0 : open.local().getPort();
  }

  @Override
  public long acknowledgements() {
    return acknowledgements.get();
  }

  @Override
  public boolean awaitRegistered(Duration timeout) throws InterruptedException {
    return registered.await(timeout.toNanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public void close() {
    closed = true;
    ControlLink open = link;
    if (open != null) {
      open.close();
    }
  }
}
