package dev.rallypoint.loadtest.benchmark.start;

import com.google.protobuf.ByteString;
import dev.rallypoint.loadtest.peer.settings.Device;
import dev.rallypoint.loadtest.peer.transport.TcpFrameConnection;
import dev.rallypoint.protocol.proto.FetchLocalAddr;
import dev.rallypoint.protocol.proto.LocalAddr;
import dev.rallypoint.protocol.proto.NatType;
import dev.rallypoint.protocol.proto.PunchHoleRequest;
import dev.rallypoint.protocol.proto.RegisterPeer;
import dev.rallypoint.protocol.proto.RegisterPk;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.function.Predicate;

/** One peer on plain sockets, which takes next to no CPU itself: what a node is asked first. */
final class FirstRequests implements AutoCloseable {
  private static final String ID = "310000001";
  private static final String VERSION = "1.4.9";
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int LONGEST = 2048;

  /** The WebSocket port of the ID server is that many above its own. */
  private static final int WEB_SOCKET = 2;

  private static final int END_OF_HEADER = 0x0d0a0d0a;

  private final InetSocketAddress server;
  private final Device device = Device.create(new SplittableRandom(31));
  private final DatagramSocket socket;

  FirstRequests(int port) throws IOException {
    this.server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    this.socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
  }

  /** Sends one heartbeat and waits for its answer; false when none comes in time. */
  boolean beat(Duration wait) throws IOException {
    try {
      sendBeat();
      receive(wait, RendezvousMessage::hasRegisterPeerResponse);
      return true;
    } catch (SocketException | java.net.SocketTimeoutException notYet) {
      return false;
    }
  }

  private void sendBeat() throws IOException {
    send(
        RendezvousMessage.newBuilder()
            .setRegisterPeer(RegisterPeer.newBuilder().setId(ID).setSerial(3)));
  }

  /** Registers the peer's key, and the peer by a heartbeat. */
  void register() throws IOException {
    send(
        RendezvousMessage.newBuilder()
            .setRegisterPk(
                RegisterPk.newBuilder()
                    .setId(ID)
                    .setUuid(device.uuid())
                    .setPk(device.key().publicKey().bytes())));
    receive(PATIENCE, RendezvousMessage::hasRegisterPkResponse);
    sendBeat();
    receive(PATIENCE, RendezvousMessage::hasRegisterPeerResponse);
  }

  /** Asks for the peer and answers for it; returns the nanoseconds until the response is here. */
  long punch(String key) throws IOException {
    long begin = System.nanoTime();
    try (TcpFrameConnection requester = connect(server.getPort())) {
      requester.send(
          RendezvousMessage.newBuilder()
              .setPunchHoleRequest(
                  PunchHoleRequest.newBuilder()
                      .setId(ID)
                      .setNatType(NatType.ASYMMETRIC)
                      .setLicenceKey(key)
                      .setVersion(VERSION))
              .build()
              .toByteArray());
      // Both are on this machine, so the target is asked for its address in its own network.
      FetchLocalAddr push =
          receive(PATIENCE, RendezvousMessage::hasFetchLocalAddr).getFetchLocalAddr();
      try (TcpFrameConnection target = connect(server.getPort())) {
        target.send(answer(push.getSocketAddr()).toByteArray());
        while (!RendezvousMessage.parseFrom(requester.receive(PATIENCE)).hasPunchHoleResponse()) {
          // The offer of an encrypted link comes first.
        }
      }
    }
    return System.nanoTime() - begin;
  }

  private static RendezvousMessage answer(ByteString requester) {
    return RendezvousMessage.newBuilder()
        .setLocalAddr(
            LocalAddr.newBuilder()
                .setSocketAddr(requester)
                .setLocalAddr(requester)
                .setId(ID)
                .setVersion(VERSION))
        .build();
  }

  /** Opens a WebSocket and sends a heartbeat; returns the nanoseconds until a message is here. */
  long webSocket() throws IOException {
    long begin = System.nanoTime();
    try (Socket connection = new Socket(server.getAddress(), server.getPort() + WEB_SOCKET)) {
      connection.setSoTimeout(Math.toIntExact(PATIENCE.toMillis()));
      connection
          .getOutputStream()
          .write(
              """
              GET /ws/id HTTP/1.1\r
              Host: localhost\r
              Upgrade: websocket\r
              Connection: Upgrade\r
              Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r
              Sec-WebSocket-Version: 13\r
              \r
              """
                  .getBytes(StandardCharsets.US_ASCII));
      InputStream in = connection.getInputStream();
      int last = 0;
      while (last != END_OF_HEADER) {
        last = last << 8 | read(in);
      }
      byte[] beat =
          RendezvousMessage.newBuilder()
              .setRegisterPeer(RegisterPeer.newBuilder().setId(ID).setSerial(3))
              .build()
              .toByteArray();
      byte[] frame = new byte[beat.length + 6]; // binary, with a mask of zeros
      frame[0] = (byte) 0x82;
      frame[1] = (byte) (0x80 | beat.length);
      System.arraycopy(beat, 0, frame, 6, beat.length);
      connection.getOutputStream().write(frame);
      read(in);
    }
    return System.nanoTime() - begin;
  }

  private static int read(InputStream in) throws IOException {
    int next = in.read();
    if (next < 0) {
      throw new IOException("the node closed the WebSocket");
    }
    return next;
  }

  private TcpFrameConnection connect(int port) throws IOException {
    return new TcpFrameConnection(new Socket(server.getAddress(), port));
  }

  private void send(RendezvousMessage.Builder message) throws IOException {
    byte[] bytes = message.build().toByteArray();
    socket.send(new DatagramPacket(bytes, bytes.length, server));
  }

  private RendezvousMessage receive(Duration wait, Predicate<RendezvousMessage> isAwaited)
      throws IOException {
    socket.setSoTimeout(Math.toIntExact(wait.toMillis()));
    DatagramPacket packet = new DatagramPacket(new byte[LONGEST], LONGEST);
    while (true) {
      packet.setLength(LONGEST);
      socket.receive(packet);
      RendezvousMessage message =
          RendezvousMessage.parseFrom(ByteString.copyFrom(packet.getData(), 0, packet.getLength()));
      if (isAwaited.test(message)) {
        return message;
      }
    }
  }

  @Override
  public void close() {
    socket.close();
  }
}
