package dev.rallypoint.loadtest.bench;

import dev.rallypoint.protocol.frame.FrameEncoder;
import dev.rallypoint.protocol.proto.ConnType;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.proto.RequestRelay;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.UUID;

/** Connects the two sides of a session to relays. */
final class RelayedWire {
  private RelayedWire() {}

  /** A session whose controlling side connects to one relay, and the other side to another. */
  static Wire between(InetSocketAddress ofA, InetSocketAddress ofB, String key) throws IOException {
    String uuid = UUID.randomUUID().toString();
    RequestRelay.Builder request = RequestRelay.newBuilder().setUuid(uuid).setLicenceKey(key);
    SocketChannel b = leg(ofB, request, new byte[] {'?'});
    SocketChannel a =
        leg(ofA, request.setId("123456789").setConnType(ConnType.DEFAULT_CONN), new byte[0]);
    // The first byte through shows that the session has begun.
    if (a.read(ByteBuffer.allocate(1)) != 1) {
      throw new EOFException("the relay did not pair " + uuid);
    }
    return new Wire(a, b);
  }

  private static SocketChannel leg(
      InetSocketAddress relay, RequestRelay.Builder request, byte[] more) throws IOException {
    SocketChannel leg = SocketChannel.open(relay);
    leg.setOption(StandardSocketOptions.TCP_NODELAY, true);
    leg.write(
        ByteBuffer.wrap(
            FrameEncoder.encode(
                RendezvousMessage.newBuilder().setRequestRelay(request).build().toByteArray())));
    leg.write(ByteBuffer.wrap(more));
    return leg;
  }
}
