package dev.rallypoint.testing;

import com.google.protobuf.ByteString;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.proto.RegisterPeer;
import dev.rallypoint.protocol.proto.RegisterPk;
import dev.rallypoint.protocol.proto.RegisterPkResponse.Result;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.Optional;

/** A UDP socket in the role of a registered peer; a read that takes 10 s fails the test. */
public final class UdpClient implements AutoCloseable {
  private static final int PATIENCE = 45_000;

  private final DatagramSocket socket;
  private final InetSocketAddress server;

  UdpClient(String ip, int port) throws IOException {
    this("127.0.0.1", ip, port);
  }

  UdpClient(String from, String ip, int port) throws IOException {
    socket = new DatagramSocket(new InetSocketAddress(InetAddress.ofLiteral(from), 0));
    server = new InetSocketAddress(InetAddress.ofLiteral(ip), port);
  }

  private UdpClient(DatagramSocket socket, InetSocketAddress server) {
    this.socket = socket;
    this.server = server;
  }

  /**
   * A socket that takes datagrams from this address only, as clients' sockets do.
   *
   * @param port its own port, or 0 for any
   */
  public static UdpClient connectedTo(InetSocketAddress server, int port) {
    try {
      DatagramSocket socket = new DatagramSocket(port);
      socket.connect(server);
      return new UdpClient(socket, server);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The address the server sees. */
  public PeerAddress address() {
    return PeerAddress.of((InetSocketAddress) socket.getLocalSocketAddress());
  }

  public UdpClient send(RendezvousMessage message) {
    return sendRaw(message.toByteArray());
  }

  public UdpClient sendRaw(byte[] payload) {
    try {
      socket.send(new DatagramPacket(payload, payload.length, server));
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public RendezvousMessage receive() {
    return receiveWithin(PATIENCE)
        .orElseThrow(() -> new AssertionError("nothing came in " + PATIENCE + " ms"));
  }

  public Optional<RendezvousMessage> receiveWithin(int millis) {
    try {
      socket.setSoTimeout(millis);
      DatagramPacket packet = new DatagramPacket(new byte[65_536], 65_536);
      socket.receive(packet);
      return Optional.of(
          RendezvousMessage.parseFrom(Arrays.copyOf(packet.getData(), packet.getLength())));
    } catch (SocketTimeoutException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Whether the server sent nothing here since the last read: the next datagram is the answer to a
   * NAT test that is sent now. The server answers the datagrams of one socket in their order.
   */
  public boolean nothingElseCame() {
    send(FrameClient.NAT_TEST);
    return receive().hasTestNatResponse();
  }

  /** A heartbeat; true when the server wants the key. */
  public boolean beat(String id) {
    send(beatOf(id));
    return receive().getRegisterPeerResponse().getRequestPk();
  }

  /** A RegisterPk with keys of 32 equal bytes. */
  public Result register(String id, String uuid, int key) {
    send(claimOf(id, uuid, key));
    return receive().getRegisterPkResponse().getResult();
  }

  /** Registers and proves that it is done; asks again, as clients do, while a shard is away. */
  public UdpClient registered(String id) {
    Result result = register(id, "uuid of " + id, id.hashCode());
    for (int again = 0; again < 3 && result == Result.SERVER_ERROR; again++) {
      result = register(id, "uuid of " + id, id.hashCode());
    }
    if (result != Result.OK) {
      throw new AssertionError(id + ": " + result);
    }
    return this;
  }

  /** A heartbeat, and the key when the server asks for it, as clients send them. */
  public UdpClient beatAndProve(String id) {
    return beat(id) ? registered(id) : this;
  }

  public static RendezvousMessage beatOf(String id) {
    return RendezvousMessage.newBuilder()
        .setRegisterPeer(RegisterPeer.newBuilder().setId(id).setSerial(3))
        .build();
  }

  public static RendezvousMessage claimOf(String id, String uuid, int key) {
    return RendezvousMessage.newBuilder()
        .setRegisterPk(
            RegisterPk.newBuilder()
                .setId(id)
                .setUuid(ByteString.copyFromUtf8(uuid))
                .setPk(ByteString.copyFrom(TcpClient.bytes(32, key))))
        .build();
  }

  @Override
  public void close() {
    socket.close();
  }
}
