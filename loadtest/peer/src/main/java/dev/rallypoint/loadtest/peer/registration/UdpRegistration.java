package dev.rallypoint.loadtest.peer.registration;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.rallypoint.loadtest.peer.settings.ClientTiming;
import dev.rallypoint.loadtest.peer.settings.PeerSettings;
import dev.rallypoint.loadtest.peer.transport.ReusePortSockets;
import dev.rallypoint.protocol.proto.RegisterPeer;
import dev.rallypoint.protocol.proto.RegisterPkResponse;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A registration over UDP. It sends RegisterPk while the key is not confirmed, and RegisterPeer,
 * the heartbeat, after that.
 */
public final class UdpRegistration extends Registration {
  private static final int SERIAL = 3;
  private static final int MAX_DATAGRAM = 64 << 10;
  private static final int MISSES_BEFORE_NEW_SOCKET = 4;
  private static final Duration MIN_SOCKET_AGE = Duration.ofSeconds(60);

  private final RegistrationSchedule schedule;
  private final byte[] buffer = new byte[MAX_DATAGRAM];
  private volatile DatagramSocket socket;
  private long socketSince;

  /**
   * Opens the socket; nothing is sent before {@link #run}.
   *
   * @param confirmed whether the server has accepted the key before
   * @param onReceived is called with every message from the server
   * @param onPush is called with the messages that do not answer a registration
   */
  public UdpRegistration(
      String id,
      boolean confirmed,
      PeerSettings settings,
      Consumer<RendezvousMessage> onReceived,
      Consumer<RendezvousMessage> onPush)
      throws IOException {
    super(id, confirmed, settings, onReceived, onPush);
    long now = System.nanoTime();
    ClientTiming timing = settings.timing();
    this.schedule =
        new RegistrationSchedule(timing.registerInterval(), timing.registerRetry(), now);
    this.socket = new DatagramSocket();
    this.socketSince = now;
  }

  @Override
  public void run() {
    while (!isClosed()) {
      try {
        if (schedule.isDue(System.nanoTime())) {
          register();
        }
        receive();
      } catch (IOException e) {
        // The network may be down for a while: the next registration is the retry.
      }
    }
  }

  private void register() throws IOException {
    long now = System.nanoTime();
    schedule.onSent(now);
    boolean isOld = now - socketSince > MIN_SOCKET_AGE.toNanos();
    if (schedule.misses() >= MISSES_BEFORE_NEW_SOCKET && isOld) {
      socket.close();
      socket = new DatagramSocket();
      socketSince = now;
    }
    send(isConfirmed() ? registerPeer() : registerPk());
  }

  private RendezvousMessage registerPeer() {
    return RendezvousMessage.newBuilder()
        .setRegisterPeer(RegisterPeer.newBuilder().setId(id()).setSerial(SERIAL))
        .build();
  }

  private void send(RendezvousMessage message) throws IOException {
    byte[] datagram = message.toByteArray();
    InetSocketAddress server = ReusePortSockets.resolved(settings().servers().registration());
    socket.send(new DatagramPacket(datagram, datagram.length, server));
  }

  private void receive() throws IOException {
    long wait = TimeUnit.NANOSECONDS.toMillis(schedule.nanosUntilDue(System.nanoTime()));
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
    onReceived().accept(message);
    switch (message.getUnionCase()) {
      case REGISTER_PEER_RESPONSE -> onPeerResponse(message);
      case REGISTER_PK_RESPONSE -> onPkResponse(message.getRegisterPkResponse());
      default -> onPush().accept(message);
    }
  }

  private void onPeerResponse(RendezvousMessage message) throws IOException {
    schedule.onResponse(System.nanoTime());
    if (message.getRegisterPeerResponse().getRequestPk()) {
      // RegisterPk has no retry of its own: when it is lost, the next RegisterPeer asks again.
      send(registerPk());
    } else {
      acknowledge();
    }
  }

  private void onPkResponse(RegisterPkResponse response) throws IOException {
    schedule.onResponse(System.nanoTime());
    if (onResult(response.getResult())) {
      send(registerPk());
    }
  }

  @Override
  void closeSocket() {
    socket.close();
  }
}
