package dev.rallypoint.protocol.message;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.rallypoint.protocol.proto.PunchHoleResponse.Failure;
import dev.rallypoint.protocol.proto.RegisterPkResponse.Result;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** The bytes of each answer, put together from the field numbers. */
class RepliesTest {

  @Test
  void answersAHeartbeat() {
    assertThat(hex(Replies.registerPeer(false))).isEqualTo("3a00");
  }

  @Test
  void answersAHeartbeatWithAQuestionForTheKeyInFieldTwo() {
    assertThat(hex(Replies.registerPeer(true))).isEqualTo("3a021001");
  }

  @Test
  void givesAVerdictOnAKey() {
    assertThat(hex(Replies.registerPk(Result.OK))).isEqualTo("820100");
    assertThat(hex(Replies.registerPk(Result.UUID_MISMATCH))).isEqualTo("8201020802");
    assertThat(hex(Replies.registerPk(Result.SERVER_ERROR))).isEqualTo("8201020807");
  }

  @Test
  void tellsThePortOfANatTest() {
    assertThat(hex(Replies.testNat(65_535))).isEqualTo("aa010408ffff03");
  }

  @Test
  void answersAnOnlineQuery() {
    assertThat(hex(Replies.online(ByteString.copyFrom(new byte[] {(byte) 0x80, 1}))))
        .isEqualTo("c201040a028001");
  }

  @Test
  void saysThatAnIdDoesNotExistByTheDefault() {
    assertThat(hex(Replies.punchFailed(Failure.ID_NOT_EXIST))).isEqualTo("5a00");
  }

  @Test
  void refusesAPunchByNumber() {
    assertThat(hex(Replies.punchFailed(Failure.LICENSE_MISMATCH))).isEqualTo("5a021803");
  }

  @Test
  void refusesAPunchByText() {
    assertThat(hex(Replies.punchRefused("no"))).isEqualTo("5a043a026e6f");
  }

  @Test
  void refusesARelay() {
    assertThat(hex(Replies.relayRefused("no"))).isEqualTo("9a010432026e6f");
  }

  private static String hex(RendezvousMessage message) {
    return HexFormat.of().formatHex(message.toByteArray());
  }
}
