package dev.rallypoint.protocol.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.rallypoint.protocol.proto.Message;
import dev.rallypoint.protocol.proto.NatType;
import dev.rallypoint.protocol.proto.PeerPublicKey;
import dev.rallypoint.protocol.proto.PunchHole;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.proto.RendezvousMessage.UnionCase;
import dev.rallypoint.protocol.proto.SignedId;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a newer client may send must reach the other peer as it was sent. */
class ForwardedMessagesTest {
  // request_relay{1: "123456789", 2: "u", 99: "new", 100: 7}
  private static final String UNKNOWN_FIELDS =
      "920117" + "0a09313233343536373839" + "120175" + "9a06036e6577" + "a00607";
  // punch_hole_request{1: "123456789", 2: 77, 4: 88}
  private static final String UNKNOWN_ENUMS = "420f" + "0a09313233343536373839" + "104d" + "2058";

  @Test
  void keepsFieldsItDoesNotKnow() throws Exception {
    RendezvousMessage message = parse(UNKNOWN_FIELDS);

    assertThat(message.getRequestRelay().getId()).isEqualTo("123456789");
    assertThat(hex(message.toBuilder().build())).isEqualTo(UNKNOWN_FIELDS);
  }

  @Test
  void keepsUnknownFieldsOfAMessageInWhichAFieldIsChanged() throws Exception {
    RendezvousMessage.Builder changed = parse(UNKNOWN_FIELDS).toBuilder();
    changed.getRequestRelayBuilder().setUuid("v");

    assertThat(hex(changed.build())).isEqualTo(UNKNOWN_FIELDS.replace("120175", "120176"));
  }

  @Test
  void keepsEnumNumbersItDoesNotKnow() throws Exception {
    RendezvousMessage message = parse(UNKNOWN_ENUMS);

    assertThat(message.getPunchHoleRequest().getNatType()).isEqualTo(NatType.UNRECOGNIZED);
    assertThat(hex(message.toBuilder().build())).isEqualTo(UNKNOWN_ENUMS);
  }

  @Test
  void carriesUnknownEnumNumbersFromOneMessageToAnotherByNumberOnly() throws Exception {
    var request = parse(UNKNOWN_ENUMS).getPunchHoleRequest();
    PunchHole.Builder push = PunchHole.newBuilder();

    assertThatThrownBy(() -> push.setNatType(request.getNatType()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(push.setNatTypeValue(request.getNatTypeValue()).build().toByteArray())
        .isEqualTo(HexFormat.of().parseHex("184d"));
  }

  @Test
  void keepsAUnionMemberItDoesNotKnow() throws Exception {
    String newMember = "f203050a03616263"; // 62: {1: "abc"}
    RendezvousMessage message = parse(newMember);

    assertThat(message.getUnionCase()).isEqualTo(UnionCase.UNION_NOT_SET);
    assertThat(hex(message.toBuilder().build())).isEqualTo(newMember);
  }

  @Test
  void parsesAnEmptyFrameAsAMessageWithoutAUnion() throws Exception {
    assertThat(parse("").getUnionCase()).isEqualTo(UnionCase.UNION_NOT_SET);
  }

  @Test
  void takesTheLastOfTwoUnionMembers() throws Exception {
    assertThat(parse("3200" + "d201050a03616263").getUnionCase()).isEqualTo(UnionCase.HC);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "00", // field number 0
        "0a", // a length that is missing
        "3205" + "0a", // a message cut short
        "32040a02fffe", // a text that is no UTF-8
        "32ffffffff0f", // a negative length
        "37", // wire type 7
        "34", // the end of a group that never began
      })
  void refusesBytesThatAreNoMessage(String hex) {
    assertThatThrownBy(() -> parse(hex)).isInstanceOf(InvalidProtocolBufferException.class);
  }

  @Test
  void refusesGroupsNestedDeeplyInsteadOfOverflowingTheStack() {
    byte[] groups = new byte[100_000];
    Arrays.fill(groups, (byte) 0x0b); // start of group 1

    assertThatThrownBy(() -> RendezvousMessage.parseFrom(groups))
        .isInstanceOf(InvalidProtocolBufferException.class);
  }

  @Test
  void writesTheFirstWordsOfPeersUnderTheirNumbers() {
    Message signedId =
        Message.newBuilder().setSignedId(SignedId.newBuilder().setId(bytes("b1"))).build();
    Message publicKey =
        Message.newBuilder()
            .setPublicKey(
                PeerPublicKey.newBuilder()
                    .setAsymmetricValue(bytes("b1"))
                    .setSymmetricValue(bytes("b2")))
            .build();

    assertThat(HexFormat.of().formatHex(signedId.toByteArray())).isEqualTo("1a030a01b1");
    assertThat(HexFormat.of().formatHex(publicKey.toByteArray())).isEqualTo("22060a01b11201b2");
  }

  private static RendezvousMessage parse(String hex) throws InvalidProtocolBufferException {
    return RendezvousMessage.parseFrom(bytes(hex));
  }

  private static String hex(RendezvousMessage message) {
    return HexFormat.of().formatHex(message.toByteArray());
  }

  private static ByteString bytes(String hex) {
    return ByteString.copyFrom(HexFormat.of().parseHex(hex));
  }
}
