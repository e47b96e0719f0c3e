package dev.rallypoint.loadtest;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.rallypoint.protocol.proto.RegisterPeer;
import dev.rallypoint.protocol.proto.RegisterPk;
import dev.rallypoint.protocol.proto.RegisterPkResponse;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * A target's registration: one UDP socket and one thread. RegisterPk while the key is not
 * confirmed, RegisterPeer after that; whatever else arrives is a push for the target.
 */
final class UdpRegistration implements Registration {
  private static final int SERIAL = 3;
  private static final int MAX_DATAGRAM = 64 << 10;
  private static final int MISSES_BEFORE_NEW_SOCKET = 4;
  private static final Duration BETWEEN_NEW_SOCKETS = Duration.ofSeconds(60);

  private final Profile profile;
  private final Consumer<RendezvousMessage> heard;
  private final Consumer<RendezvousMessage> onPush;
  private final RegistrationClock clock;
  private final CountDownLatch registered = new CountDownLatch(1);
  private final AtomicLong acknowledgements = new AtomicLong();
  private final byte[] buffer = new byte[MAX_DATAGRAM];
  private volatile boolean closed;
  private volatile boolean confirmed;
  private volatile String id;
  private volatile DatagramSocket socket;
  private long socketSince;

  UdpRegistration(
      String id,
      boolean confirmed,
      Profile profile,
      Consumer<RendezvousMessage> heard,
      Consumer<RendezvousMessage> onPush)
      throws IOException {
    this.id = id;
    this.confirmed = confirmed;
    this.profile = profile;
    this.heard = heard;
    this.onPush = onPush;
    long now = System.nanoTime();
    Timing timing = profile.timing();
    this.clock = new RegistrationClock(timing.registerInterval(), timing.registerRetry(), now);
    this.socket = new DatagramSocket(new InetSocketAddress(profile.bind(), 0));
    this.socketSince = now;
  }

  @Override
  public void run() {
    while (!closed) {
      try {
        if (clock.isDue(System.nanoTime())) {
          register();
        }
        receive();
      } catch (IOException e) {
        if (closed) {
          return;
        }
        // A network that is gone for a while: the next round is the retry.
      }
    }
  }

  private void register() throws IOException {
    long now = System.nanoTime();
    clock.onSent(now);
    boolean isStale = now - socketSince > BETWEEN_NEW_SOCKETS.toNanos();
    if (clock.misses() >= MISSES_BEFORE_NEW_SOCKET && isStale) {
      socket.close();
      socket = new DatagramSocket(new InetSocketAddress(profile.bind(), 0));
      socketSince = now;
    }
    send(confirmed ? registerPeer() : registerPk());
  }

  private RendezvousMessage registerPeer() {
    return RendezvousMessage.newBuilder()
        .setRegisterPeer(RegisterPeer.newBuilder().setId(id).setSerial(SERIAL))
        .build();
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

  private void send(RendezvousMessage message) throws IOException {
    byte[] datagram = message.toByteArray();
    InetSocketAddress server = LocalPort.resolved(profile.servers().registration());
    socket.send(new DatagramPacket(datagram, datagram.length, server));
  }

  private void receive() throws IOException {
    long wait = TimeUnit.NANOSECONDS.toMillis(clock.nanosUntilDue(System.nanoTime()));
    socket.setSoTimeout((int) Math.max(1, wait));
    DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
    try {
      socket.receive(packet);
    } catch (SocketTimeoutException e) {
      return;
    }
    RendezvousMessage message;
    try {
      message = RendezvousMessage.parseFrom(ByteString.copyFrom(buffer, 0, packet.getLength()));
    } catch (InvalidProtocolBufferException e) {
      return;
    }
    heard.accept(message);
    switch (message.getUnionCase()) {
      case REGISTER_PEER_RESPONSE -> onPeerResponse(message);
      case REGISTER_PK_RESPONSE -> onPkResponse(message.getRegisterPkResponse().getResult());
      default -> onPush.accept(message);
    }
  }

  private void onPeerResponse(RendezvousMessage message) throws IOException {
    clock.onResponse(System.nanoTime());
    if (message.getRegisterPeerResponse().getRequestPk()) {
      // No retry of its own: when this is lost, the next try is the next RegisterPeer.
      send(registerPk());
    } else {
      acknowledge();
    }
  }

  private void onPkResponse(RegisterPkResponse.Result result) throws IOException {
    clock.onResponse(System.nanoTime());
    switch (result) {
      case OK -> {
        confirmed = true;
        acknowledge();
      }
      case UUID_MISMATCH -> {
        confirmed = false;
        id = String.valueOf(ThreadLocalRandom.current().nextInt(1_000_000_000, 2_000_000_000));
        send(registerPk());
      }
      case NOT_DEPLOYED -> confirmed = false;
      default -> {
        // Only logged by the client; it counts as a response.
      }
    }
  }

  private void acknowledge() {
    acknowledgements.incrementAndGet();
    registered.countDown();
  }

  @Override
  public void unconfirm() {
    confirmed = false;
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public int localPort() {
    return socket.getLocalPort();
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
    socket.close();
  }
}
