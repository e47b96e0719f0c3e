package dev.rallypoint.loadtest.gatling.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.rallypoint.loadtest.gatling.link.ServerAddress;
import dev.rallypoint.protocol.message.Replies;
import dev.rallypoint.protocol.proto.PunchHoleResponse;
import dev.rallypoint.protocol.proto.RelayResponse;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** How answers are understood. */
class AnswersTest {
  private static final ByteString ADDRESS = ByteString.copyFromUtf8("address");
  private static final ServerAddress SERVER =
      new ServerAddress(InetAddress.getLoopbackAddress(), 22116, 22117);

  static Stream<Arguments> answers() {
    return Stream.of(
        Arguments.of(PunchAnswer.ADDRESS, punch(found())),
        Arguments.of(PunchAnswer.LOCAL_ADDRESS, punch(found().setIsLocal(true))),
        Arguments.of(
            PunchAnswer.RELAY,
            RendezvousMessage.newBuilder()
                .setRelayResponse(RelayResponse.newBuilder().setUuid("u"))
                .build()),
        Arguments.of(
            PunchAnswer.UNKNOWN_ID, Replies.punchFailed(PunchHoleResponse.Failure.ID_NOT_EXIST)),
        Arguments.of(PunchAnswer.OFFLINE, Replies.punchFailed(PunchHoleResponse.Failure.OFFLINE)),
        Arguments.of(
            PunchAnswer.KEY_MISMATCH,
            Replies.punchFailed(PunchHoleResponse.Failure.LICENSE_MISMATCH)),
        Arguments.of(PunchAnswer.REFUSED, Replies.punchRefused("not allowed")),
        Arguments.of(PunchAnswer.REFUSED, Replies.relayRefused("not allowed")));
  }

  private static PunchHoleResponse.Builder found() {
    return PunchHoleResponse.newBuilder().setSocketAddr(ADDRESS);
  }

  private static RendezvousMessage punch(PunchHoleResponse.Builder response) {
    return RendezvousMessage.newBuilder().setPunchHoleResponse(response).build();
  }

  @ParameterizedTest
  @MethodSource("answers")
  void tellsTheKindOfAnAnswerToAPunch(PunchAnswer kind, RendezvousMessage answer) {
    assertThat(PunchAnswer.of(answer)).isEqualTo(kind);
  }

  @ParameterizedTest
  @CsvSource({
    "'', 127.0.0.1, 22117",
    "10.1.2.3, 10.1.2.3, 22117",
    "10.1.2.3:5000, 10.1.2.3, 5000",
    "relay.example, 127.0.0.1, 22117",
    "relay.example:5000, 127.0.0.1, 5000"
  })
  void findsTheRelayThatAnAnswerNames(String text, String ip, int port) {
    InetSocketAddress relay = RelayTicket.relay(text, SERVER);

    assertThat(relay.getAddress().getHostAddress()).isEqualTo(ip);
    assertThat(relay.getPort()).isEqualTo(port);
  }

  @Test
  void givesAnIdTheSameDeviceInEachRunAndAnotherWhenAsked() {
    assertThat(Identity.of("700000001")).isEqualTo(Identity.of("700000001"));
    assertThat(Identity.of("700000001").key().size()).isEqualTo(32);
    assertThat(Identity.of("700000001", 1).key()).isNotEqualTo(Identity.of("700000001").key());
  }
}
