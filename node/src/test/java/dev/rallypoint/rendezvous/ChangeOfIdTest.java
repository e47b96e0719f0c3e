package dev.rallypoint.rendezvous;

import static dev.rallypoint.rendezvous.Messages.punch;
import static dev.rallypoint.rendezvous.Messages.request;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.rallypoint.protocol.proto.PunchHoleResponse;
import dev.rallypoint.protocol.proto.PunchHoleResponse.Failure;
import dev.rallypoint.protocol.proto.RegisterPk;
import dev.rallypoint.protocol.proto.RegisterPkResponse.Result;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.testing.TcpClient;
import dev.rallypoint.testing.TestNode;
import dev.rallypoint.testing.TestSettings;
import dev.rallypoint.testing.UdpClient;
import dev.rallypoint.testing.WsClient;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client asks for another id on a short connection of its own. */
class ChangeOfIdTest {
  private static final AtomicInteger NEXT = new AtomicInteger(323_456_000);
  @TempDir static Path data;
  private static TestNode node;

  private final String id = Integer.toString(NEXT.incrementAndGet());
  private final String chosen = "chosen-" + id;

  @BeforeAll
  static void start() {
    node = TestNode.start(TestSettings.in(data.resolve("a")));
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  private static RendezvousMessage change(String from, String to, String uuid) {
    return RendezvousMessage.newBuilder()
        .setRegisterPk(
            RegisterPk.newBuilder().setOldId(from).setId(to).setUuid(ByteString.copyFromUtf8(uuid)))
        .build();
  }

  private static Result ask(TestNode of, String from, String to, String uuid) {
    try (TcpClient client = of.control().plain()) {
      Result result =
          client.send(change(from, to, uuid)).receive().getRegisterPkResponse().getResult();
      assertThat(client.receiveFrame()).isNull();
      return result;
    }
  }

  private PunchHoleResponse dial(String target) {
    try (TcpClient requester = node.control().plain()) {
      return requester.send(punch(request(node.key(), target))).receive().getPunchHoleResponse();
    }
  }

  @Test
  void givesTheDeviceItsNewIdAndFreesTheOldOne() {
    try (UdpClient peer = node.udp().registered(id)) {
      assertThat(ask(node, id, chosen, "uuid of " + id)).isEqualTo(Result.OK);

      assertThat(dial(id).getFailure()).isEqualTo(Failure.ID_NOT_EXIST);
      assertThat(dial(chosen).getFailure()).isEqualTo(Failure.OFFLINE);
      assertThat(peer.beat(id)).isTrue();
      assertThat(peer.register(chosen, "uuid of " + id, id.hashCode())).isEqualTo(Result.OK);
    }
  }

  @Test
  void takesItByWebSocketToo() {
    try (UdpClient peer = node.udp().registered(id);
        WsClient client = node.webSocket()) {
      client.send(change(id, chosen, "uuid of " + id));

      assertThat(client.receive().getRegisterPkResponse().getResult()).isEqualTo(Result.OK);
    }
  }

  @Test
  void keepsTheNewIdForTheDeviceThatTookIt() {
    try (UdpClient peer = node.udp().registered(id);
        UdpClient stranger = node.udp()) {
      ask(node, id, chosen, "uuid of " + id);

      assertThat(stranger.register(chosen, "another uuid", 5)).isEqualTo(Result.UUID_MISMATCH);
    }
  }

  @Test
  void refusesAnIdThatAnotherDeviceHas() {
    String other = "other-" + id;
    try (UdpClient peer = node.udp().registered(id);
        UdpClient owner = node.udp().registered(other)) {
      assertThat(ask(node, id, other, "uuid of " + id)).isEqualTo(Result.ID_EXISTS);
      assertThat(peer.beat(id)).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"short", "1digit-first", "with space", "a-name-of-seventeen", "umläut"})
  void refusesAnIdOfAnotherForm(String wrong) {
    assertThat(ask(node, id, wrong, "uuid of " + id)).isEqualTo(Result.INVALID_ID_FORMAT);
  }

  @Test
  void refusesADeviceThatTheOldIdIsNotOf() {
    try (UdpClient peer = node.udp().registered(id)) {
      assertThat(ask(node, id, chosen, "another uuid")).isEqualTo(Result.UUID_MISMATCH);
      assertThat(peer.beat(id)).isFalse();
    }
  }

  @Test
  void countsItLikeARegistration(@TempDir Path folder) {
    try (TestNode small = TestNode.start(TestSettings.in(folder).registrationsPerAddress(2))) {
      ask(small, id, chosen, "uuid");
      ask(small, id, chosen, "uuid");

      assertThat(ask(small, id, chosen, "uuid")).isEqualTo(Result.TOO_FREQUENT);
    }
  }

  @Test
  void isNotSupportedWhereTheOperatorSwitchedItOff(@TempDir Path folder) {
    try (TestNode strict = TestNode.start(TestSettings.in(folder).withoutChangeOfId())) {
      assertThat(ask(strict, id, chosen, "uuid")).isEqualTo(Result.NOT_SUPPORT);
    }
  }
}
