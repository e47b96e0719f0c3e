package dev.rallypoint.loadtest.benchmark.punch;

import com.google.protobuf.ByteString;
import dev.rallypoint.loadtest.load.SourceAddresses;
import dev.rallypoint.loadtest.peer.settings.Device;
import dev.rallypoint.protocol.proto.NatType;
import dev.rallypoint.protocol.proto.PunchHoleSent;
import dev.rallypoint.protocol.proto.RegisterPeer;
import dev.rallypoint.protocol.proto.RegisterPk;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.util.SplittableRandom;

/** A peer that is registered by UDP at one server. */
final class Target {
  private static final int FIRST_ID = 300_000_000;
  private static final int FIRST_ADDRESS = (127 << 24) | (18 << 16) | (1 << 8);

  private final String id;
  private final Device device;
  private final InetAddress address;
  private final DatagramChannel channel;
  private boolean isOnline;

  /** Opens its socket, connected to its server. */
  Target(int number, InetSocketAddress home) throws IOException {
    this.id = String.valueOf(FIRST_ID + number);
    this.device = Device.create(new SplittableRandom(number));
    this.address = SourceAddresses.address(FIRST_ADDRESS + number);
    this.channel = DatagramChannel.open(StandardProtocolFamily.INET);
    channel.bind(new InetSocketAddress(address, 0));
    channel.connect(home);
    channel.configureBlocking(false);
  }

  String id() {
    return id;
  }

  InetAddress address() {
    return address;
  }

  DatagramChannel channel() {
    return channel;
  }

  /** Whether the server has acknowledged it. */
  boolean isOnline() {
    return isOnline;
  }

  void setOnline() {
    isOnline = true;
  }

  /** Sends a heartbeat. */
  void beat() throws IOException {
    send(
        RendezvousMessage.newBuilder()
            .setRegisterPeer(RegisterPeer.newBuilder().setId(id).setSerial(3)));
  }

  /** Sends its key. */
  void register() throws IOException {
    send(
        RendezvousMessage.newBuilder()
            .setRegisterPk(
                RegisterPk.newBuilder()
                    .setId(id)
                    .setUuid(device.uuid())
                    .setPk(device.key().publicKey().bytes())));
  }

  private void send(RendezvousMessage.Builder message) throws IOException {
    channel.write(ByteBuffer.wrap(message.build().toByteArray()));
  }

  /** Its answer to a push. */
  RendezvousMessage answer(ByteString requester) {
    return RendezvousMessage.newBuilder()
        .setPunchHoleSent(
            PunchHoleSent.newBuilder()
                .setSocketAddr(requester)
                .setId(id)
                .setNatType(NatType.ASYMMETRIC)
                .setVersion("1.4.9"))
        .build();
  }
}
