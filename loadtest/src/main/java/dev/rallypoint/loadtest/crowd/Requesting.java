package dev.rallypoint.loadtest.crowd;

import com.google.protobuf.ByteString;
import dev.rallypoint.loadtest.FrameSocket;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.protocol.identity.PublicKey;
import dev.rallypoint.protocol.identity.SignedPeerKey;
import dev.rallypoint.protocol.proto.NatType;
import dev.rallypoint.protocol.proto.PunchHoleRequest;
import dev.rallypoint.protocol.proto.PunchHoleResponse;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.proto.RendezvousMessage.UnionCase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** The requester's side up to the answer: one connection, the same question up to three times. */
public final class Requesting {
  /** The client's own waits. */
  public static final List<Duration> PATIENT =
      List.of(Duration.ofSeconds(3), Duration.ofSeconds(6), Duration.ofSeconds(9));

  /** One question only, for somebody who asks again by himself. */
  public static final List<Duration> ONCE = List.of(Duration.ofSeconds(3));

  private static final int FIRST_IP = (198 << 24) | (19 << 16);

  private final Nodes nodes;
  private final PublicKey server;

  /**
   * @param key the servers' public key
   */
  public Requesting(Nodes nodes, String key) {
    this.nodes = nodes;
    this.server =
        PublicKey.parse(key).orElseThrow(() -> new IllegalArgumentException("no key: " + key));
  }

  /** Asks for a target at any node. */
  public Asked ask(String target, int home, List<Duration> waits) {
    long begun = System.nanoTime();
    int node = nodes.next();
    for (int tried = 0; tried < nodes.size(); tried++) {
      try (FrameSocket socket = connect(node)) {
        return ask(socket, target, home, node, begun, waits);
      } catch (IOException e) {
        nodes.refused(node);
        node = nodes.after(node);
      }
    }
    return asked(target, home, node, begun, Outcome.NO_NODE, ByteString.EMPTY);
  }

  /** Asks for a target at one node. */
  public Asked askAt(int node, String target, List<Duration> waits) {
    long begun = System.nanoTime();
    try (FrameSocket socket = connect(node)) {
      return ask(socket, target, 0, node, begun, waits);
    } catch (IOException e) {
      return asked(target, 0, node, begun, Outcome.NO_NODE, ByteString.EMPTY);
    }
  }

  private FrameSocket connect(int node) throws IOException {
    InetAddress from = CrowdAddresses.ip(FIRST_IP + ThreadLocalRandom.current().nextInt(1, 60_000));
    return Answers.connect(from, nodes.ids(node));
  }

  private Asked ask(
      FrameSocket socket, String target, int home, int node, long begun, List<Duration> waits) {
    byte[] request = request(target);
    for (Duration wait : waits) {
      try {
        socket.send(request);
        Optional<PunchHoleResponse> answer = answer(socket, wait);
        if (answer.isPresent()) {
          return judge(answer.get(), target, home, node, begun);
        }
      } catch (IOException e) {
        return asked(target, home, node, begun, Outcome.CUT, ByteString.EMPTY);
      }
    }
    return asked(target, home, node, begun, Outcome.SILENT, ByteString.EMPTY);
  }

  private byte[] request(String target) {
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

  /** Skips the KeyExchange that each connection begins with. */
  private static Optional<PunchHoleResponse> answer(FrameSocket socket, Duration wait)
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

  private Asked judge(PunchHoleResponse answer, String target, int home, int node, long begun) {
    if (!answer.getSocketAddr().isEmpty()) {
      ByteString key =
          SignedPeerKey.open(server, new PeerId(target), answer.getPk())
              .map(PublicKey::bytes)
              .orElse(ByteString.EMPTY);
      Outcome outcome = key.isEmpty() ? Outcome.NO_KEY : Outcome.FOUND;
      return asked(target, home, node, begun, outcome, key);
    }
    Outcome outcome =
        !answer.getOtherFailure().isEmpty()
            ? Outcome.REFUSED
            : switch (answer.getFailure()) {
              case ID_NOT_EXIST -> Outcome.UNKNOWN;
              case OFFLINE -> Outcome.OFFLINE;
              default -> Outcome.REFUSED;
            };
    Duration took = Duration.ofNanos(System.nanoTime() - begun);
    String words = answer.getOtherFailure();
    return new Asked(target, home, node, begun, took, outcome, words, ByteString.EMPTY);
  }

  private static Asked asked(
      String target, int home, int node, long begun, Outcome outcome, ByteString key) {
    Duration took = Duration.ofNanos(System.nanoTime() - begun);
    return new Asked(target, home, node, begun, took, outcome, "", key);
  }
}
