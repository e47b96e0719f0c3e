package dev.rallypoint.loadtest.crowd;

import com.google.protobuf.ByteString;
import dev.rallypoint.loadtest.FrameSocket;
import dev.rallypoint.protocol.address.AddressMangler;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.proto.LocalAddr;
import dev.rallypoint.protocol.proto.NatType;
import dev.rallypoint.protocol.proto.PunchHoleSent;
import dev.rallypoint.protocol.proto.RelayResponse;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.atomic.AtomicLong;

/** What a peer of the crowd does when it is told that somebody wants it: a word to the servers. */
final class Answers {
  private static final String VERSION = "1.4.9";
  private static final int CONNECT_MILLIS = 3_000;
  private static final int TRIES = 2;

  private final Nodes nodes;
  private final ExecutorService threads;
  private final AtomicLong micros = new AtomicLong();

  Answers(Nodes nodes, ExecutorService threads) {
    this.nodes = nodes;
    this.threads = threads;
  }

  /** Answers for an id, from its ip. */
  void give(String id, InetAddress ip, RendezvousMessage push) {
    switch (push.getUnionCase()) {
      case PUNCH_HOLE -> answer(ip, punched(id, push.getPunchHole().getSocketAddr()));
      case FETCH_LOCAL_ADDR -> answer(ip, local(id, ip, push.getFetchLocalAddr().getSocketAddr()));
      case REQUEST_RELAY -> answer(ip, relayed(push.getRequestRelay().getSocketAddr()));
      default -> {
        // ConfigUpdate and the rest change nothing for a client with a configured server.
      }
    }
  }

  private void answer(InetAddress ip, RendezvousMessage message) {
    threads.execute(() -> {
      for (int tried = 0; tried < TRIES; tried++) {
        int node = nodes.next();
        try (FrameSocket socket = connect(ip, nodes.ids(node))) {
          socket.send(message.toByteArray());
          return;
        } catch (IOException e) {
          nodes.refused(node);
        }
      }
    });
  }

  /** A connection from an ip of the crowd. */
  static FrameSocket connect(InetAddress from, InetSocketAddress to) throws IOException {
    Socket socket = new Socket();
    try {
      socket.bind(new InetSocketAddress(from, 0));
      socket.setTcpNoDelay(true);
      socket.connect(to, CONNECT_MILLIS);
      return new FrameSocket(socket);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private static RendezvousMessage punched(String id, ByteString requester) {
    return RendezvousMessage.newBuilder()
        .setPunchHoleSent(
            PunchHoleSent.newBuilder()
                .setSocketAddr(requester)
                .setId(id)
                .setNatType(NatType.ASYMMETRIC)
                .setVersion(VERSION))
        .build();
  }

  private RendezvousMessage local(String id, InetAddress ip, ByteString requester) {
    long now = micros.incrementAndGet();
    PeerAddress listening = PeerAddress.of(ip, 5_000);
    return RendezvousMessage.newBuilder()
        .setLocalAddr(
            LocalAddr.newBuilder()
                .setSocketAddr(AddressMangler.encode(AddressMangler.decode(requester), now))
                .setLocalAddr(AddressMangler.encode(listening, now))
                .setId(id)
                .setVersion(VERSION))
        .build();
  }

  private static RendezvousMessage relayed(ByteString requester) {
    return RendezvousMessage.newBuilder()
        .setRelayResponse(RelayResponse.newBuilder().setSocketAddr(requester).setVersion(VERSION))
        .build();
  }
}
