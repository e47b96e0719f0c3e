package dev.rallypoint.loadtest.benchmark;

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

/** Opens relayed sessions with RequestRelay, as two peers do. */
final class RelaySessions {
  private RelaySessions() {}

  /** Opens a session; the requester connects to one relay, the target to another or the same. */
  static SessionSockets open(InetSocketAddress ofRequester, InetSocketAddress ofTarget, String key)
      throws IOException {
    String uuid = UUID.randomUUID().toString();
    RequestRelay.Builder request = RequestRelay.newBuilder().setUuid(uuid).setLicenceKey(key);
    SocketChannel b = leg(ofTarget, request, new byte[] {'?'});
    SocketChannel a =
        leg(
            ofRequester,
            request.setId("123456789").setConnType(ConnType.DEFAULT_CONN),
            new byte[0]);
    // The first byte that arrives shows that the relay has connected both legs.
    if (a.read(ByteBuffer.allocate(1)) != 1) {
      throw new EOFException("the relay did not pair " + uuid);
    }
    return new SessionSockets(a, b);
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
