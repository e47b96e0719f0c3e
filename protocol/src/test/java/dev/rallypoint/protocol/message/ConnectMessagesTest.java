package dev.rallypoint.protocol.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.google.protobuf.ByteString;
import dev.rallypoint.protocol.proto.ConnType;
import dev.rallypoint.protocol.proto.ControlPermissions;
import dev.rallypoint.protocol.proto.ControlledContext;
import dev.rallypoint.protocol.proto.FetchLocalAddr;
import dev.rallypoint.protocol.proto.LocalAddr;
import dev.rallypoint.protocol.proto.NatType;
import dev.rallypoint.protocol.proto.PunchHole;
import dev.rallypoint.protocol.proto.PunchHoleRequest;
import dev.rallypoint.protocol.proto.PunchHoleResponse;
import dev.rallypoint.protocol.proto.PunchHoleSent;
import dev.rallypoint.protocol.proto.RelayResponse;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.proto.RequestRelay;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Golden bytes of the messages by which two peers meet. The hex was put together from the numbers
 * and types of the wire's tables, without a protobuf library: text field n holds "s" and n, a bytes
 * field b0+n and n, a number field 1000+n.
 */
class ConnectMessagesTest {

  @ParameterizedTest
  @MethodSource("messages")
  void writesEveryFieldUnderItsNumberAndType(String hex, RendezvousMessage message) {
    assertThat(HexFormat.of().formatHex(message.toByteArray())).isEqualTo(hex);
  }

  @ParameterizedTest
  @MethodSource("messages")
  void readsEveryFieldFromItsNumberAndType(String hex, RendezvousMessage message) throws Exception {
    assertThat(RendezvousMessage.parseFrom(bytes(hex))).isEqualTo(message);
  }

  static Stream<Arguments> messages() {
    return Stream.of(
        arguments(
            "42250a02733110021a02733320052a0273353202733638ef07400148f1075202ba0a5a03733131",
            message()
                .setPunchHoleRequest(
                    PunchHoleRequest.newBuilder()
                        .setId("s1")
                        .setNatType(NatType.SYMMETRIC)
                        .setLicenceKey("s3")
                        .setConnType(ConnType.TERMINAL)
                        .setToken("s5")
                        .setVersion("s6")
                        .setUdpPort(1007)
                        .setForceRelay(true)
                        .setUpnpPort(1009)
                        .setSocketAddrV6(bytes("ba0a"))
                        .setSwitchCode("s11"))
                .build()),
        arguments(
            "4a210a02b10112027332180120ec07280130ee073a02b707420308e9074a040a027331",
            message()
                .setPunchHole(
                    PunchHole.newBuilder()
                        .setSocketAddr(bytes("b101"))
                        .setRelayServer("s2")
                        .setNatType(NatType.ASYMMETRIC)
                        .setUdpPort(1004)
                        .setForceRelay(true)
                        .setUpnpPort(1006)
                        .setSocketAddrV6(bytes("b707"))
                        .setControlPermissions(ControlPermissions.newBuilder().setPermissions(1001))
                        .setControlledContext(ControlledContext.newBuilder().setConnAuditRef("s1")))
                .build()),
        arguments(
            "52190a02b101120273321a02733320022a02733530ee073a02b707",
            message()
                .setPunchHoleSent(
                    PunchHoleSent.newBuilder()
                        .setSocketAddr(bytes("b101"))
                        .setId("s2")
                        .setRelayServer("s3")
                        .setNatType(NatType.SYMMETRIC)
                        .setVersion("s5")
                        .setUpnpPort(1006)
                        .setSocketAddrV6(bytes("b707")))
                .build()),
        arguments(
            "5a200a02b1011202b20218042202733428013a02733740f007480150f2075a02bb0b",
            message()
                .setPunchHoleResponse(
                    PunchHoleResponse.newBuilder()
                        .setSocketAddr(bytes("b101"))
                        .setPk(bytes("b202"))
                        .setFailure(PunchHoleResponse.Failure.LICENSE_OVERUSE)
                        .setRelayServer("s4")
                        .setNatType(NatType.ASYMMETRIC)
                        .setOtherFailure("s7")
                        .setFeedback(1008)
                        .setIsUdp(true)
                        .setUpnpPort(1010)
                        .setSocketAddrV6(bytes("bb0b")))
                .build()),
        arguments(
            "5a060a02b1013001",
            message()
                .setPunchHoleResponse(
                    PunchHoleResponse.newBuilder().setSocketAddr(bytes("b101")).setIsLocal(true))
                .build()),
        arguments(
            "62170a02b101120273321a02b303220308e9072a040a027331",
            message()
                .setFetchLocalAddr(
                    FetchLocalAddr.newBuilder()
                        .setSocketAddr(bytes("b101"))
                        .setRelayServer("s2")
                        .setSocketAddrV6(bytes("b303"))
                        .setControlPermissions(ControlPermissions.newBuilder().setPermissions(1001))
                        .setControlledContext(ControlledContext.newBuilder().setConnAuditRef("s1")))
                .build()),
        arguments(
            "6a180a02b1011202b2021a027333220273342a0273353202b606",
            message()
                .setLocalAddr(
                    LocalAddr.newBuilder()
                        .setSocketAddr(bytes("b101"))
                        .setLocalAddr(bytes("b202"))
                        .setRelayServer("s3")
                        .setId("s4")
                        .setVersion("s5")
                        .setSocketAddrV6(bytes("b606")))
                .build()),
        arguments(
            "92012c0a027331120273321a02b303220273342801320273363803420273384a0308e90752040a0273315a03733131",
            message()
                .setRequestRelay(
                    RequestRelay.newBuilder()
                        .setId("s1")
                        .setUuid("s2")
                        .setSocketAddr(bytes("b303"))
                        .setRelayServer("s4")
                        .setSecure(true)
                        .setLicenceKey("s6")
                        .setConnType(ConnType.RDP)
                        .setToken("s8")
                        .setControlPermissions(ControlPermissions.newBuilder().setPermissions(1001))
                        .setControlledContext(ControlledContext.newBuilder().setConnAuditRef("s1"))
                        .setSwitchCode("s11"))
                .build()),
        arguments(
            "9a01220a02b101120273321a02733322027334320273363a02733748f1075202ba0a58f307",
            message()
                .setRelayResponse(
                    RelayResponse.newBuilder()
                        .setSocketAddr(bytes("b101"))
                        .setUuid("s2")
                        .setRelayServer("s3")
                        .setId("s4")
                        .setRefuseReason("s6")
                        .setVersion("s7")
                        .setFeedback(1009)
                        .setSocketAddrV6(bytes("ba0a"))
                        .setUpnpPort(1011))
                .build()),
        arguments(
            "9a01042a02b505",
            message().setRelayResponse(RelayResponse.newBuilder().setPk(bytes("b505"))).build()));
  }

  private static RendezvousMessage.Builder message() {
    return RendezvousMessage.newBuilder();
  }

  private static ByteString bytes(String hex) {
    return ByteString.copyFrom(HexFormat.of().parseHex(hex));
  }
}
