package dev.rallypoint.loadtest.load;

import com.google.protobuf.ByteString;
import dev.rallypoint.loadtest.peer.transport.TcpFrameConnection;
import dev.rallypoint.protocol.address.AddressMangler;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.proto.LocalAddr;
import dev.rallypoint.protocol.proto.NatType;
import dev.rallypoint.protocol.proto.PunchHoleSent;
import dev.rallypoint.protocol.proto.RelayResponse;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import java.io.IOException;
import java.net.InetAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicLong;

/** Answers the pushes to registered peers, over a new TCP connection to any node. */
public final class PushResponder {
  private static final String VERSION = "1.4.9";
  private static final int TRIES = 2;

  private final NodeBalancer nodes;
  private final ExecutorService threads;
  private final AtomicLong micros = new AtomicLong();

  /** Sends to any of these nodes, on these threads. */
  public PushResponder(NodeBalancer nodes, ExecutorService threads) {
    this.nodes = nodes;
    this.threads = threads;
  }

  /** Answers a push to a peer from its source address, on another thread. */
  public void respond(String id, InetAddress address, RendezvousMessage push) {
    switch (push.getUnionCase()) {
      case PUNCH_HOLE -> send(address, punchHoleSent(id, push.getPunchHole().getSocketAddr()));
      case FETCH_LOCAL_ADDR ->
          send(address, localAddr(id, address, push.getFetchLocalAddr().getSocketAddr()));
      case REQUEST_RELAY -> send(address, relayResponse(push.getRequestRelay().getSocketAddr()));
      default -> {
        // A client with a configured server ignores ConfigUpdate and other messages.
      }
    }
  }

  private void send(InetAddress address, RendezvousMessage message) {
    threads.execute(() -> {
      for (int tried = 0; tried < TRIES; tried++) {
        int node = nodes.next();
        try (TcpFrameConnection socket = SourceAddresses.connect(address, nodes.idServer(node))) {
          socket.send(message.toByteArray());
          return;
        } catch (IOException e) {
          nodes.onRefused(node);
        }
      }
    });
  }

  private static RendezvousMessage punchHoleSent(String id, ByteString requester) {
    return RendezvousMessage.newBuilder()
        .setPunchHoleSent(
            PunchHoleSent.newBuilder()
                .setSocketAddr(requester)
                .setId(id)
                .setNatType(NatType.ASYMMETRIC)
                .setVersion(VERSION))
        .build();
  }

  private RendezvousMessage localAddr(String id, InetAddress address, ByteString requester) {
    long now = micros.incrementAndGet();
    PeerAddress listening = PeerAddress.of(address, 5_000);
    return RendezvousMessage.newBuilder()
        .setLocalAddr(
            LocalAddr.newBuilder()
                .setSocketAddr(AddressMangler.encode(AddressMangler.decode(requester), now))
                .setLocalAddr(AddressMangler.encode(listening, now))
                .setId(id)
                .setVersion(VERSION))
        .build();
  }

  private static RendezvousMessage relayResponse(ByteString requester) {
    return RendezvousMessage.newBuilder()
        .setRelayResponse(RelayResponse.newBuilder().setSocketAddr(requester).setVersion(VERSION))
        .build();
  }
}
