package dev.rallypoint.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.rallypoint.protocol.address.AddressMangler;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.proto.LocalAddr;
import dev.rallypoint.protocol.proto.NatType;
import dev.rallypoint.protocol.proto.PunchHoleRequest;
import dev.rallypoint.protocol.proto.RelayResponse;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.proto.RequestRelay;
import dev.rallypoint.testing.FrameClient;
import dev.rallypoint.testing.TestCertificate;
import dev.rallypoint.testing.TestNode;
import dev.rallypoint.testing.TestSettings;
import dev.rallypoint.testing.UdpClient;
import dev.rallypoint.testing.WsClient;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every way in for B with every way in for A, to the last byte through the relay. */
class WaysInTest {
  private static final List<String> TABLE = new ArrayList<>();
  @TempDir static Path data;
  private static TestNode node;

  @BeforeAll
  static void start() {
    TestCertificate.of("localhost", "EC").writeTo(data);
    node = TestNode.start(TestSettings.in(data).tls(data));
    TABLE.add("%-4s %-8s %-12s %-10s %s".formatted("B", "A", "flow", "relayed", "MB each way, s"));
  }

  @AfterAll
  static void stop() {
    TABLE.forEach(System.out::println);
    node.close();
  }

  private enum Way {
    UDP,
    TCP,
    SECURED,
    WS,
    WSS;

    boolean isWebSocket() {
      return this == WS || this == WSS;
    }

    FrameClient connect() {
      return switch (this) {
        case TCP, UDP -> node.control().plain();
        case SECURED -> node.control().secured(node.key());
        case WS -> node.webSocket();
        case WSS -> overTls(node.port() + 2, "/ws/id");
      };
    }

    FrameClient relay() {
      return switch (this) {
        case TCP, UDP, SECURED -> node.relay();
        case WS -> node.webSocketRelay();
        case WSS -> overTls(node.port() + 3, "/ws/relay");
      };
    }

    private static FrameClient overTls(int port, String path) {
      return new WsClient(URI.create("wss://127.0.0.1:" + port + path), "127.0.0.1", Map.of());
    }
  }

  /** B, registered, with what it hears. */
  private interface Target extends AutoCloseable {
    RendezvousMessage hears();

    @Override
    void close();
  }

  private static Target register(Way way, String id) {
    RendezvousMessage claim = UdpClient.claimOf(id, "uuid of " + id, id.hashCode());
    if (way == Way.UDP) {
      UdpClient udp = node.udp().registered(id);
      return new Target() {
        @Override
        public RendezvousMessage hears() {
          return udp.receive();
        }

        @Override
        public void close() {
          udp.close();
        }
      };
    }
    FrameClient link = (way == Way.TCP ? Way.SECURED : way).connect();
    link.send(claim).receive();
    return new Target() {
      @Override
      public RendezvousMessage hears() {
        return link.receive();
      }

      @Override
      public void close() {
        link.close();
      }
    };
  }

  static Stream<Arguments> pairs() {
    return Stream.of(Way.UDP, Way.TCP, Way.WS, Way.WSS)
        .flatMap(
            b -> Stream.of(Way.TCP, Way.SECURED, Way.WS, Way.WSS).map(a -> Arguments.of(b, a)));
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void meet(Way wayOfB, Way wayOfA) {
    String id = "4234560" + wayOfB.ordinal() + wayOfA.ordinal();
    try (Target b = register(wayOfB, id);
        FrameClient a = wayOfA.connect()) {
      a.send(request(id, wayOfA));
      RendezvousMessage push = b.hears();
      boolean isLocal = push.hasFetchLocalAddr();
      assertThat(isLocal).isEqualTo(!wayOfA.isWebSocket());
      ByteString nameOfA =
          isLocal ? push.getFetchLocalAddr().getSocketAddr() : push.getPunchHole().getSocketAddr();
      String uuid = UUID.randomUUID().toString();
      boolean bRelays = wayOfA.isWebSocket() || wayOfB.isWebSocket();
      String flow;
      if (bRelays) {
        flow = "S3 relay";
        answer(wayOfB, relayOfB(nameOfA, id, uuid));
        RelayResponse response = a.receive().getRelayResponse();
        assertThat(response.getUuid()).isEqualTo(uuid);
        assertThat(response.getPk().isEmpty()).isFalse();
      } else {
        flow = "S2 LAN, S4";
        answer(wayOfB, localOfB(nameOfA, id));
        assertThat(a.receive().getPunchHoleResponse().getIsLocal()).isTrue();
        askForRelay(wayOfA, wayOfB, b, id, uuid);
      }
      double seconds = relay(wayOfB, wayOfA, id, uuid);
      TABLE.add(
          "%-4s %-8s %-12s %-10s %d in %.2f"
              .formatted(
                  wayOfB,
                  wayOfA,
                  flow,
                  (wayOfB.isWebSocket() ? wayOfB : Way.TCP)
                      + "-"
                      + (wayOfA.isWebSocket() ? wayOfA : Way.TCP),
                  Torrent.MEGABYTES,
                  seconds));
    }
  }

  private static RendezvousMessage request(String id, Way way) {
    return RendezvousMessage.newBuilder()
        .setPunchHoleRequest(
            PunchHoleRequest.newBuilder()
                .setId(id)
                .setLicenceKey(node.key().text())
                .setNatType(way.isWebSocket() ? NatType.SYMMETRIC : NatType.ASYMMETRIC)
                .setForceRelay(way.isWebSocket())
                .setVersion("1.4.9"))
        .build();
  }

  private static void answer(Way way, RendezvousMessage message) {
    try (FrameClient fresh = (way.isWebSocket() ? way : Way.TCP).connect()) {
      fresh.send(message);
      assertThat(fresh.receiveFrame()).isNull(); // the server closes once it has taken it
    }
  }

  private static RendezvousMessage relayOfB(ByteString nameOfA, String id, String uuid) {
    return RendezvousMessage.newBuilder()
        .setRelayResponse(
            RelayResponse.newBuilder()
                .setSocketAddr(nameOfA)
                .setId(id)
                .setUuid(uuid)
                .setRelayServer("relay")
                .setVersion("1.4.9"))
        .build();
  }

  private static RendezvousMessage localOfB(ByteString nameOfA, String id) {
    PeerAddress listening = PeerAddress.of(InetAddress.getLoopbackAddress(), 5);
    return RendezvousMessage.newBuilder()
        .setLocalAddr(
            LocalAddr.newBuilder()
                .setSocketAddr(AddressMangler.encode(AddressMangler.decode(nameOfA), 77))
                .setLocalAddr(AddressMangler.encode(listening, 78))
                .setRelayServer("relay")
                .setId(id)
                .setVersion("1.4.9"))
        .build();
  }

  private static void askForRelay(Way wayOfA, Way wayOfB, Target b, String id, String uuid) {
    try (FrameClient again = wayOfA.connect()) {
      again.send(
          RendezvousMessage.newBuilder()
              .setRequestRelay(
                  RequestRelay.newBuilder()
                      .setId(id)
                      .setUuid(uuid)
                      .setRelayServer("relay")
                      .setSecure(true))
              .build());
      RequestRelay asked = b.hears().getRequestRelay();
      assertThat(asked.getUuid()).isEqualTo(uuid);
      answer(
          wayOfB,
          RendezvousMessage.newBuilder()
              .setRelayResponse(
                  RelayResponse.newBuilder()
                      .setSocketAddr(asked.getSocketAddr())
                      .setVersion("1.4.9"))
              .build());
      assertThat(again.receive().getRelayResponse().getRefuseReason()).isEmpty();
    }
  }

  private static double relay(Way wayOfB, Way wayOfA, String id, String uuid) {
    RequestRelay.Builder first =
        RequestRelay.newBuilder().setUuid(uuid).setLicenceKey(node.key().text());
    try (ExecutorService threads = Executors.newCachedThreadPool();
        FrameClient b = wayOfB.relay();
        FrameClient a = wayOfA.relay()) {
      b.send(RendezvousMessage.newBuilder().setRequestRelay(first).build());
      b.sendFrame("signed id".getBytes(java.nio.charset.StandardCharsets.UTF_8));
      a.send(RendezvousMessage.newBuilder().setRequestRelay(first.clone().setId(id)).build());
      assertThat(a.receiveFrame()).asString().isEqualTo("signed id");
      a.sendFrame(new byte[0]); // "go on without encryption", which B waits for
      assertThat(b.receiveFrame()).isEmpty();

      long begun = System.nanoTime();
      List<CompletableFuture<String>> digests =
          List.of(
              CompletableFuture.supplyAsync(() -> Torrent.pour(a, 1), threads),
              CompletableFuture.supplyAsync(() -> Torrent.pour(b, 2), threads),
              CompletableFuture.supplyAsync(() -> Torrent.drink(b), threads),
              CompletableFuture.supplyAsync(() -> Torrent.drink(a), threads));
      digests.forEach(digest -> digest.orTimeout(60, TimeUnit.SECONDS).join());
      double seconds = (System.nanoTime() - begun) / 1e9;
      assertThat(digests.get(2).join()).isEqualTo(digests.get(0).join());
      assertThat(digests.get(3).join()).isEqualTo(digests.get(1).join());
      a.endOutput();
      assertThat(b.receiveFrame()).isNull();
      return seconds;
    }
  }
}
