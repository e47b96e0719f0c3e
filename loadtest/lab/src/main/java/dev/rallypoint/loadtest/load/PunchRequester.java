package dev.rallypoint.loadtest.load;

import com.google.protobuf.ByteString;
import dev.rallypoint.loadtest.peer.transport.TcpFrameConnection;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.protocol.identity.PublicKey;
import dev.rallypoint.protocol.identity.SignedPeerKey;
import dev.rallypoint.protocol.proto.NatType;
import dev.rallypoint.protocol.proto.PunchHoleRequest;
import dev.rallypoint.protocol.proto.PunchHoleResponse;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.proto.RendezvousMessage.UnionCase;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Sends punch hole requests as a requester does, up to the answer: one connection, and the same
 * request up to three times.
 */
public final class PunchRequester {
  /** The waits of the real client after each of its three requests. */
  public static final List<Duration> CLIENT_WAITS =
      List.of(Duration.ofSeconds(3), Duration.ofSeconds(6), Duration.ofSeconds(9));

  /** One request only. */
  public static final List<Duration> ONE_REQUEST = List.of(Duration.ofSeconds(3));

  private final NodeBalancer nodes;
  private final PublicKey server;
  private final SourceAddresses addresses;

  /**
   * @param nodes the nodes to ask
   * @param key the public key of the servers
   * @param addresses the source addresses
   */
  public PunchRequester(NodeBalancer nodes, String key, SourceAddresses addresses) {
    this.nodes = nodes;
    this.addresses = addresses;
    this.server =
        PublicKey.parse(key).orElseThrow(() -> new IllegalArgumentException("no key: " + key));
  }

  /**
   * Asks any node for a target.
   *
   * @param home the node that acknowledged the target last, for the result
   */
  public PunchResult request(String target, int home, List<Duration> waits) {
    long begun = System.nanoTime();
    int node = nodes.next();
    for (int tried = 0; tried < nodes.size(); tried++) {
      try (TcpFrameConnection socket = connect(node)) {
        return exchange(socket, target, home, node, begun, waits);
      } catch (IOException e) {
        nodes.onRefused(node);
        node = nodes.after(node);
      }
    }
    return result(target, home, node, begun, PunchOutcome.NO_NODE, ByteString.EMPTY);
  }

  /** Asks one node for a target. */
  public PunchResult requestAt(int node, String target, List<Duration> waits) {
    long begun = System.nanoTime();
    try (TcpFrameConnection socket = connect(node)) {
      return exchange(socket, target, 0, node, begun, waits);
    } catch (IOException e) {
      return result(target, 0, node, begun, PunchOutcome.NO_NODE, ByteString.EMPTY);
    }
  }

  private TcpFrameConnection connect(int node) throws IOException {
    return SourceAddresses.connect(addresses.ofRequester(), nodes.idServer(node));
  }

  private PunchResult exchange(
      TcpFrameConnection socket,
      String target,
      int home,
      int node,
      long begun,
      List<Duration> waits) {
    byte[] request = encode(target);
    for (Duration wait : waits) {
      try {
        socket.send(request);
        Optional<PunchHoleResponse> answer = receive(socket, wait);
        if (answer.isPresent()) {
          return evaluate(answer.get(), target, home, node, begun);
        }
      } catch (IOException e) {
        return result(target, home, node, begun, PunchOutcome.CONNECTION_CLOSED, ByteString.EMPTY);
      }
    }
    return result(target, home, node, begun, PunchOutcome.NO_ANSWER, ByteString.EMPTY);
  }

  private byte[] encode(String target) {
    return RendezvousMessage.newBuilder()
        .setPunchHoleRequest(
            PunchHoleRequest.newBuilder()
                .setId(target)
                .setNatType(NatType.ASYMMETRIC)
                .setLicenceKey(server.text())
                .setVersion("1.4.9"))
        .build()
        .toByteArray();
  }

  /** Receives the answer; skips the KeyExchange with which each connection begins. */
  private static Optional<PunchHoleResponse> receive(TcpFrameConnection socket, Duration wait)
      throws IOException {
    long deadline = System.nanoTime() + wait.toNanos();
    try {
      while (true) {
        Duration left = Duration.ofNanos(Math.max(1_000_000, deadline - System.nanoTime()));
        RendezvousMessage message = RendezvousMessage.parseFrom(socket.receive(left));
        if (message.getUnionCase() == UnionCase.PUNCH_HOLE_RESPONSE) {
          return Optional.of(message.getPunchHoleResponse());
        }
      }
    } catch (SocketTimeoutException e) {
      return Optional.empty();
    }
  }

  private PunchResult evaluate(
      PunchHoleResponse answer, String target, int home, int node, long begun) {
    if (!answer.getSocketAddr().isEmpty()) {
      ByteString key =
          SignedPeerKey.open(server, new PeerId(target), answer.getPk())
              .map(PublicKey::bytes)
              .orElse(ByteString.EMPTY);
      PunchOutcome outcome = key.isEmpty() ? PunchOutcome.NO_KEY : PunchOutcome.FOUND;
      return result(target, home, node, begun, outcome, key);
    }
    PunchOutcome outcome =
        !answer.getOtherFailure().isEmpty()
            ? PunchOutcome.REFUSED
            : switch (answer.getFailure()) {
              case ID_NOT_EXIST -> PunchOutcome.UNKNOWN;
              case OFFLINE -> PunchOutcome.OFFLINE;
              default -> PunchOutcome.REFUSED;
            };
    Duration took = Duration.ofNanos(System.nanoTime() - begun);
    String text = answer.getOtherFailure();
    return new PunchResult(target, home, node, begun, took, outcome, text, ByteString.EMPTY);
  }

  private static PunchResult result(
      String target, int home, int node, long begun, PunchOutcome outcome, ByteString key) {
    Duration took = Duration.ofNanos(System.nanoTime() - begun);
    return new PunchResult(target, home, node, begun, took, outcome, "", key);
  }
}
