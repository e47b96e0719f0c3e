package dev.rallypoint.loadtest.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.rallypoint.loadtest.peer.ConnectFailure.Reason;
import dev.rallypoint.loadtest.peer.settings.PeerSettings;
import dev.rallypoint.protocol.identity.SigningKey;
import dev.rallypoint.protocol.proto.PunchHoleRequest;
import dev.rallypoint.protocol.proto.PunchHoleResponse;
import dev.rallypoint.protocol.proto.PunchHoleResponse.Failure;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.secure.SecretChannel;
import dev.rallypoint.protocol.secure.ServerKeyExchange;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RequesterRoleTest {
  private static final Duration SHORT = Duration.ofMillis(50);
  private static final Duration LONG = Duration.ofSeconds(10);

  private final SigningKey key = SigningKey.generate(new SplittableRandom(7));

  @Test
  void sendsTheIdenticalRequestThreeTimes() throws Exception {
    try (ScriptedServer server =
            ScriptedServer.start(connection -> {
              while (true) {
                connection.receive();
              }
            });
        SimulatedPeer peer = peer(server).attemptWaits(List.of(SHORT, SHORT, LONG)).start()) {
      Thread.ofVirtual().start(() -> failure(peer));

      await().until(() -> server.received().size() == 3);

      assertThat(server.received()).containsOnly(server.received().getFirst());
    }
  }

  @Test
  void failsWhenTheServerClosesTheConnection() throws Exception {
    try (ScriptedServer server = ScriptedServer.start(ScriptedServer.Connection::receive);
        SimulatedPeer peer = peer(server).start()) {

      assertThat(failure(peer).reason()).isEqualTo(Reason.NO_ANSWER);
    }
  }

  @Test
  void skipsOneKeyExchangeInFrontOfAnAnswer() throws Exception {
    try (ScriptedServer server =
            ScriptedServer.start(connection -> offerThenRefuse(connection, key));
        SimulatedPeer peer = peer(server).start()) {

      assertThat(failure(peer).reason()).isEqualTo(Reason.OFFLINE);
      assertThat(server.received()).hasSize(1);
    }
  }

  @Test
  void losesARequestToTheKeyExchangeAs119Does() throws Exception {
    try (ScriptedServer server =
            ScriptedServer.start(connection -> {
              connection.send(offer(key).offer());
              connection.receive();
              connection.receive();
              connection.send(refusal(Failure.OFFLINE));
            });
        SimulatedPeer peer = peer(server).version("1.1.9").start()) {

      assertThat(failure(peer).reason()).isEqualTo(Reason.OFFLINE);
      assertThat(server.received()).hasSize(2);
    }
  }

  @Test
  void sendsOnlyTheIdAs119Does() throws Exception {
    try (ScriptedServer server =
            ScriptedServer.start(connection -> {
              connection.receive();
              connection.send(refusal(Failure.ID_NOT_EXIST));
            });
        SimulatedPeer peer = peer(server).version("1.1.9").token("t").start()) {

      assertThat(failure(peer).reason()).isEqualTo(Reason.ID_DOES_NOT_EXIST);
      assertThat(server.received().getFirst().getPunchHoleRequest())
          .isEqualTo(PunchHoleRequest.newBuilder().setId("123456789").build());
    }
  }

  @Test
  void sendsTheBuiltInKeyWhenTheUserSetNone() throws Exception {
    try (ScriptedServer server =
            ScriptedServer.start(connection -> {
              connection.receive();
              connection.send(refusal(Failure.LICENSE_MISMATCH));
            });
        SimulatedPeer peer = peer(server).key("").start()) {

      assertThat(failure(peer).reason()).isEqualTo(Reason.KEY_MISMATCH);
      PunchHoleRequest request = server.received().getFirst().getPunchHoleRequest();
      assertThat(request.getLicenceKey()).isEqualTo(PeerSettings.BUILT_IN_KEY);
      assertThat(request.getVersion()).isEqualTo("1.4.9");
    }
  }

  @Test
  void encryptsTheRequestWhenLoggedIn() throws Exception {
    try (ScriptedServer server =
            ScriptedServer.start(connection -> secureThenRefuse(connection, key));
        SimulatedPeer peer = peer(server).token("t").start()) {

      assertThat(failure(peer)).hasMessage("not allowed today").isInstanceOf(ConnectFailure.class);
    }
  }

  @Test
  void failsWhenTheServerHasAnotherKey() throws Exception {
    SigningKey other = SigningKey.generate(new SplittableRandom(8));
    try (ScriptedServer server =
            ScriptedServer.start(connection -> offerThenRefuse(connection, other));
        SimulatedPeer peer = peer(server).token("t").start()) {

      assertThat(failure(peer).reason()).isEqualTo(Reason.HANDSHAKE_FAILED);
    }
  }

  @Test
  void continuesUnencryptedAfterAFailedKeyExchangeAs140Does() throws Exception {
    SigningKey other = SigningKey.generate(new SplittableRandom(8));
    try (ScriptedServer server =
            ScriptedServer.start(connection -> offerThenRefuse(connection, other));
        SimulatedPeer peer = peer(server).version("1.4.0").token("t").start()) {

      assertThat(failure(peer).reason()).isEqualTo(Reason.OFFLINE);
    }
  }

  private PeerBuilder peer(ScriptedServer server) {
    return SimulatedPeer.named("987654321")
        .server("127.0.0.1", server.port())
        .key(key.publicKey().text())
        .requesterOnly();
  }

  private static ConnectFailure failure(SimulatedPeer peer) {
    return catchThrowableOfType(ConnectFailure.class, () -> peer.connect("123456789"));
  }

  private static ServerKeyExchange offer(SigningKey key) {
    return ServerKeyExchange.create(key, new SplittableRandom(9));
  }

  private static void offerThenRefuse(ScriptedServer.Connection connection, SigningKey key)
      throws IOException {
    connection.send(offer(key).offer());
    connection.receive();
    connection.send(refusal(Failure.OFFLINE));
  }

  private static void secureThenRefuse(ScriptedServer.Connection connection, SigningKey key)
      throws Exception {
    ServerKeyExchange exchange = offer(key);
    connection.send(exchange.offer());
    SecretChannel channel = exchange.accept(connection.receive().getKeyExchange());
    PunchHoleRequest request =
        RendezvousMessage.parseFrom(channel.open(connection.receiveBytes())).getPunchHoleRequest();
    PunchHoleResponse refusal =
        PunchHoleResponse.newBuilder()
            .setOtherFailure(request.getToken().equals("t") ? "not allowed today" : "no token")
            .build();
    connection.sendBytes(
        channel.seal(
            RendezvousMessage.newBuilder().setPunchHoleResponse(refusal).build().toByteArray()));
  }

  private static RendezvousMessage refusal(Failure failure) {
    PunchHoleResponse refusal = PunchHoleResponse.newBuilder().setFailure(failure).build();
    return RendezvousMessage.newBuilder().setPunchHoleResponse(refusal).build();
  }
}
