package dev.rallypoint.clustering;

import dev.rallypoint.protocol.proto.RegisterPkResponse.Result;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.testing.FrameClient;
import dev.rallypoint.testing.TestNode;
import dev.rallypoint.testing.UdpClient;
import java.util.function.Supplier;

/**
 * A peer that is registered and hears pushes, whatever way it came in.
 *
 * @param pushes gives the next push
 */
record Target(Supplier<RendezvousMessage> pushes, Runnable end) implements AutoCloseable {

  /** The ways a peer can be at home. */
  enum Way {
    UDP,
    TCP,
    WEB_SOCKET;

    Target register(TestNode node, String id) {
      return switch (this) {
        case UDP -> {
          UdpClient peer = node.udp().registered(id);
          yield new Target(peer::receive, peer::close);
        }
        case TCP -> linked(node.control().secured(node.key()), id);
        case WEB_SOCKET -> linked(node.webSocket(), id);
      };
    }
  }

  private static Target linked(FrameClient peer, String id) {
    Result result =
        peer.send(UdpClient.claimOf(id, "uuid of " + id, id.hashCode()))
            .receive()
            .getRegisterPkResponse()
            .getResult();
    if (result != Result.OK) {
      throw new AssertionError(id + ": " + result);
    }
    return new Target(() -> afterBeats(peer), peer::close);
  }

  private static RendezvousMessage afterBeats(FrameClient peer) {
    while (true) {
      RendezvousMessage message = peer.receive();
      if (message.equals(RendezvousMessage.getDefaultInstance())) {
        peer.sendFrame(new byte[0]);
      } else {
        return message;
      }
    }
  }

  RendezvousMessage push() {
    return pushes.get();
  }

  @Override
  public void close() {
    end.run();
  }
}
