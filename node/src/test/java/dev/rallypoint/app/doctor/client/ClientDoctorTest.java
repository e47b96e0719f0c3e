package dev.rallypoint.app.doctor.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.rallypoint.app.doctor.Check;
import dev.rallypoint.app.doctor.ClientVerdict;
import dev.rallypoint.app.doctor.Diagnosis;
import dev.rallypoint.app.doctor.Finding;
import dev.rallypoint.app.doctor.Outcome;
import dev.rallypoint.app.doctor.Verdict;
import dev.rallypoint.app.doctor.client.ServerName.WebPorts;
import dev.rallypoint.protocol.identity.SigningKey;
import dev.rallypoint.testing.TestCertificate;
import dev.rallypoint.testing.TestNode;
import dev.rallypoint.testing.TestSettings;
import dev.rallypoint.time.Ticker;
import dev.rallypoint.time.WallClock;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real nodes, and the faults that operators plant: each is found by its name. */
class ClientDoctorTest {
  private static final SigningKey OTHER_PAIR = SigningKey.generate(new Random(7));
  private static final int CLOSED = 1;

  @TempDir static Path folder;
  private static TestNode node;

  /** Another key pair, and the name of a relay that is nobody's. */
  private static TestNode stranger;

  @BeforeAll
  static void start() {
    // Shown on the one port for WebSockets; the clients of the other ports do not see it.
    TestCertificate.of("localhost", "EC", Duration.ofDays(-3)).writeTo(folder);
    node =
        TestNode.start(TestSettings.in(folder.resolve("node")).tls(folder).onePort().apiPort(true));
    stranger =
        TestNode.startWith(
            TestSettings.in(folder.resolve("stranger")).relayServers("relay.invalid"), OTHER_PAIR);
  }

  @AfterAll
  static void stop() {
    node.close();
    stranger.close();
  }

  private static Diagnosis diagnose(int port, String key, int wsPort, int wssPort) {
    return ClientDoctor.diagnose(
        new ServerName("localhost", port, key, new WebPorts(wsPort, wssPort)),
        WallClock.SYSTEM,
        Ticker.SYSTEM);
  }

  private static Diagnosis diagnose(int port) {
    return diagnose(port, key(), CLOSED, CLOSED);
  }

  private static String key() {
    return node.key().text();
  }

  private static List<Verdict> of(Diagnosis diagnosis, Check check) {
    return diagnosis.findings().stream()
        .filter(row -> row.check() == check)
        .map(Finding::verdict)
        .toList();
  }

  private static Verdict one(Diagnosis diagnosis, Check check) {
    assertThat(of(diagnosis, check)).as(diagnosis.toString()).hasSize(1);
    return of(diagnosis, check).getFirst();
  }

  /** A machine under load may be slower than doctor waits: it is asked again then. */
  private static void eventually(Supplier<Diagnosis> doctor, Consumer<Diagnosis> expected) {
    await().untilAsserted(() -> expected.accept(doctor.get()));
  }

  @Test
  void findsNothingWrongWithANode() {
    eventually(
        () -> diagnose(node.port()),
        found -> {
          assertThat(found.findings())
              .as("with a closed 80 and 443, which only some clients need")
              .noneMatch(row -> row.outcome() == Outcome.FAULT || row.outcome() == Outcome.WARNING);
          assertThat(found.exitCode()).isZero();
          assertThat(one(found, Check.UDP)).isEqualTo(ClientVerdict.UDP_ANSWERS);
          assertThat(one(found, Check.ID_SERVER)).isEqualTo(ClientVerdict.PORT_ANSWERS);
          assertThat(one(found, Check.NAT_TEST_PORT)).isEqualTo(ClientVerdict.PORT_ANSWERS);
          assertThat(one(found, Check.ENCRYPTED_LINK)).isEqualTo(ClientVerdict.LINK_ENCRYPTED);
          assertThat(one(found, Check.KEY)).isEqualTo(ClientVerdict.KEY_RIGHT);
          assertThat(one(found, Check.REGISTRATION)).isEqualTo(ClientVerdict.REGISTERED);
          assertThat(one(found, Check.PUNCH)).isEqualTo(ClientVerdict.PUNCHED);
          assertThat(one(found, Check.RELAY)).isEqualTo(ClientVerdict.RELAY_ANSWERS);
          assertThat(one(found, Check.RELAY_ROUND_TRIP)).isEqualTo(ClientVerdict.RELAYED);
          assertThat(one(found, Check.NAT)).isEqualTo(ClientVerdict.NO_NAT);
          assertThat(of(found, Check.ADDRESS))
              .as("by TCP and by WebSocket")
              .containsExactly(ClientVerdict.ADDRESS_OWN, ClientVerdict.ADDRESS_OWN);
          assertThat(one(found, Check.WEBSOCKET)).isEqualTo(ClientVerdict.WEBSOCKET_ANSWERS);
          assertThat(one(found, Check.RELAY_WEBSOCKET)).isEqualTo(ClientVerdict.WEBSOCKET_ANSWERS);
          assertThat(one(found, Check.API)).isEqualTo(ClientVerdict.API_ANSWERS);
          assertThat(one(found, Check.CLOCK)).isEqualTo(ClientVerdict.CLOCK_RIGHT);
        });
  }

  @Test
  void findsTheWrongKey() {
    eventually(
        () -> diagnose(node.port(), OTHER_PAIR.publicKey().text(), CLOSED, CLOSED),
        found -> {
          assertThat(one(found, Check.KEY)).isEqualTo(ClientVerdict.KEY_WRONG);
          assertThat(one(found, Check.PUNCH)).isEqualTo(ClientVerdict.KEY_REFUSED_TOO);
          assertThat(found.exitCode()).isEqualTo(Diagnosis.FAULTY);
        });
  }

  @Test
  void needsTheKeyForSomeChecksAndSaysSo() {
    eventually(
        () -> diagnose(node.port(), "", CLOSED, CLOSED),
        found -> {
          assertThat(one(found, Check.KEY)).isEqualTo(ClientVerdict.KEY_NOT_GIVEN);
          assertThat(one(found, Check.PUNCH)).isEqualTo(ClientVerdict.PUNCH_WANTS_KEY);
          assertThat(found.exitCode()).isZero();
        });
  }

  @Test
  void findsThatUdpIsBlockedTheRelayClosedAndTheClientHidden() {
    try (Detour detour = Detour.of(_ -> node.port(), -1, 0, 2)) {
      eventually(
          () -> diagnose(detour.port()),
          found -> {
            assertThat(one(found, Check.UDP)).isEqualTo(ClientVerdict.UDP_BLOCKED);
            assertThat(one(found, Check.REGISTRATION)).isEqualTo(ClientVerdict.REGISTERED_BY_TCP);
            assertThat(one(found, Check.PUNCH)).isEqualTo(ClientVerdict.PUNCHED);
            assertThat(one(found, Check.RELAY)).isEqualTo(ClientVerdict.RELAY_REFUSED);
            assertThat(one(found, Check.RELAY_ROUND_TRIP)).isEqualTo(ClientVerdict.RELAY_NOT_TRIED);
            assertThat(of(found, Check.ADDRESS))
                .containsExactly(
                    ClientVerdict.ADDRESS_HIDDEN, ClientVerdict.ADDRESS_HIDDEN_BY_PROXY);
            assertThat(found.exitCode()).isEqualTo(Diagnosis.FAULTY);
          });
    }
  }

  @Test
  void findsTwoKeysBehindOneName() {
    try (Detour detour = Detour.of(n -> n % 2 == 0 ? node.port() : stranger.port(), -1, 0, 1)) {
      eventually(
          () -> diagnose(detour.port()),
          found -> {
            assertThat(one(found, Check.KEY)).isEqualTo(ClientVerdict.TWO_KEYS);
          });
    }
  }

  @Test
  void findsAWrongPathBehindAProxy() {
    // Its ws port is the relay's for both paths.
    eventually(
        () -> diagnose(node.port(), key(), node.port() + 3, CLOSED),
        found -> {
          assertThat(one(found, Check.WS_ID)).isEqualTo(ClientVerdict.WEBSOCKET_PATH_WRONG);
          assertThat(one(found, Check.WS_RELAY)).isEqualTo(ClientVerdict.WEBSOCKET_ANSWERS);
          assertThat(ClientVerdict.WEBSOCKET_PATH_WRONG.mend()).contains("/ws/id", "/ws/relay");
        });
  }

  @Test
  void findsAWebServerThatKnowsNoPathOfAServer() throws Exception {
    HttpServer web =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    web.start();
    try {
      eventually(
          () -> diagnose(node.port(), key(), web.getAddress().getPort(), CLOSED),
          found -> {
            assertThat(one(found, Check.WS_ID)).isEqualTo(ClientVerdict.WEBSOCKET_PATH_WRONG);
            assertThat(one(found, Check.WS_RELAY)).isEqualTo(ClientVerdict.WEBSOCKET_PATH_WRONG);
          });
    } finally {
      web.stop(0);
    }
  }

  @Test
  void findsAnExpiredCertificateAndLooksBehindIt() {
    eventually(
        () -> diagnose(node.port(), key(), CLOSED, node.port() + 4),
        found -> {
          assertThat(one(found, Check.CERTIFICATE)).isEqualTo(ClientVerdict.CERTIFICATE_EXPIRED);
          assertThat(one(found, Check.WSS_ID)).isEqualTo(ClientVerdict.WEBSOCKET_ANSWERS);
          assertThat(one(found, Check.WSS_RELAY)).isEqualTo(ClientVerdict.WEBSOCKET_ANSWERS);
        });
  }

  @Test
  void findsThatAClockIsOff() {
    WallClock late = () -> WallClock.SYSTEM.micros() - TimeUnit.HOURS.toMicros(2);
    eventually(
        () ->
            ClientDoctor.diagnose(
                new ServerName("localhost", node.port(), key(), new WebPorts(CLOSED, CLOSED)),
                late,
                Ticker.SYSTEM),
        found -> {
          assertThat(one(found, Check.CLOCK)).isEqualTo(ClientVerdict.CLOCK_OFF);
        });
  }

  @Test
  void findsAWrongNameOfTheRelay() {
    eventually(
        () -> diagnose(stranger.port(), OTHER_PAIR.publicKey().text(), CLOSED, CLOSED),
        found -> {
          assertThat(one(found, Check.RELAY)).isEqualTo(ClientVerdict.RELAY_NAME_UNKNOWN);
          assertThat(one(found, Check.RELAY_ROUND_TRIP)).isEqualTo(ClientVerdict.RELAY_NOT_TRIED);
        });
  }

  @Test
  void asksAServerLikeHbbs() {
    try (ServerLikeHbbs hbbs = ServerLikeHbbs.start(OTHER_PAIR)) {
      eventually(
          () -> diagnose(hbbs.port(), OTHER_PAIR.publicKey().text(), CLOSED, CLOSED),
          found -> {
            assertThat(one(found, Check.UDP)).isEqualTo(ClientVerdict.UDP_ANSWERS);
            assertThat(one(found, Check.ENCRYPTED_LINK)).isEqualTo(ClientVerdict.LINK_NOT_OFFERED);
            assertThat(one(found, Check.REGISTRATION)).isEqualTo(ClientVerdict.REGISTERED);
            assertThat(one(found, Check.PUNCH)).isEqualTo(ClientVerdict.PUNCHED);
            assertThat(one(found, Check.KEY))
                .as("by the key that it signs for the punch")
                .isEqualTo(ClientVerdict.KEY_RIGHT);
            assertThat(one(found, Check.RELAY_ROUND_TRIP)).isEqualTo(ClientVerdict.RELAYED);
            assertThat(one(found, Check.NAT)).isEqualTo(ClientVerdict.NO_NAT);
            assertThat(found.exitCode()).isEqualTo(Diagnosis.WITH_WARNINGS);
          });

      eventually(
          () -> diagnose(hbbs.port(), key(), CLOSED, CLOSED),
          wrong -> {
            assertThat(one(wrong, Check.KEY)).isEqualTo(ClientVerdict.KEY_WRONG);
          });
    }
  }

  @Test
  void findsThatANameIsNobodys() {
    eventually(
        () ->
            ClientDoctor.diagnose(
                ServerName.of("no-such-host.invalid", key(), WebPorts.USUAL),
                WallClock.SYSTEM,
                Ticker.SYSTEM),
        found -> {
          assertThat(found.findings()).hasSize(1);
          assertThat(one(found, Check.NAME)).isEqualTo(ClientVerdict.NAME_NOT_FOUND);
          assertThat(found.exitCode()).isEqualTo(Diagnosis.FAULTY);
        });
  }

  @Test
  void findsThatNothingIsThere() {
    try (Detour nothing = Detour.of(_ -> CLOSED)) {
      eventually(
          () -> diagnose(nothing.port()),
          found -> {
            assertThat(one(found, Check.UDP)).isEqualTo(ClientVerdict.UDP_BLOCKED);
            assertThat(one(found, Check.ID_SERVER)).isEqualTo(ClientVerdict.PORT_REFUSED);
            assertThat(one(found, Check.REGISTRATION)).isEqualTo(ClientVerdict.REGISTRATION_SILENT);
            assertThat(one(found, Check.PUNCH)).isEqualTo(ClientVerdict.PUNCH_NOT_TRIED);
          });
    }
  }
}
