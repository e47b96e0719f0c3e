package dev.rallypoint.protocol.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.google.protobuf.ByteString;
import dev.rallypoint.protocol.proto.ConfigUpdate;
import dev.rallypoint.protocol.proto.HeaderEntry;
import dev.rallypoint.protocol.proto.HealthCheck;
import dev.rallypoint.protocol.proto.HttpProxyRequest;
import dev.rallypoint.protocol.proto.HttpProxyResponse;
import dev.rallypoint.protocol.proto.KeyExchange;
import dev.rallypoint.protocol.proto.OnlineRequest;
import dev.rallypoint.protocol.proto.OnlineResponse;
import dev.rallypoint.protocol.proto.PeerDiscovery;
import dev.rallypoint.protocol.proto.RegisterPeer;
import dev.rallypoint.protocol.proto.RegisterPeerResponse;
import dev.rallypoint.protocol.proto.RegisterPk;
import dev.rallypoint.protocol.proto.RegisterPkResponse;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.proto.SoftwareUpdate;
import dev.rallypoint.protocol.proto.TestNatRequest;
import dev.rallypoint.protocol.proto.TestNatResponse;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Golden bytes of the messages by which a client is served. The hex was put together from the
 * numbers and types of the wire's tables, without a protobuf library: text field n holds "s" and n,
 * a bytes field b0+n and n, a number field 1000+n.
 */
class ServiceMessagesTest {

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
            "32070a02733110ea07",
            message()
                .setRegisterPeer(RegisterPeer.newBuilder().setId("s1").setSerial(1002))
                .build()),
        arguments(
            "3a021001",
            message()
                .setRegisterPeerResponse(RegisterPeerResponse.newBuilder().setRequestPk(true))
                .build()),
        arguments(
            "7a120a0273311202b2021a02b303220273342801",
            message()
                .setRegisterPk(
                    RegisterPk.newBuilder()
                        .setId("s1")
                        .setUuid(bytes("b202"))
                        .setPk(bytes("b303"))
                        .setOldId("s4")
                        .setNoRegisterDevice(true))
                .build()),
        arguments(
            "820105080810ea07",
            message()
                .setRegisterPkResponse(
                    RegisterPkResponse.newBuilder()
                        .setResult(RegisterPkResponse.Result.NOT_DEPLOYED)
                        .setKeepAlive(1002))
                .build()),
        arguments(
            "720b08e9071202723112027232",
            message()
                .setConfigureUpdate(
                    ConfigUpdate.newBuilder()
                        .setSerial(1001)
                        .addRendezvousServers("r1")
                        .addRendezvousServers("r2"))
                .build()),
        arguments(
            "8a01040a027331",
            message().setSoftwareUpdate(SoftwareUpdate.newBuilder().setUrl("s1")).build()),
        arguments(
            "a2010308e907",
            message().setTestNatRequest(TestNatRequest.newBuilder().setSerial(1001)).build()),
        arguments(
            "aa010808e907120308e907",
            message()
                .setTestNatResponse(
                    TestNatResponse.newBuilder()
                        .setPort(1001)
                        .setCu(ConfigUpdate.newBuilder().setSerial(1001)))
                .build()),
        arguments(
            "b2011c0a027331120273321a027333220273342a027335320273363a027337",
            message()
                .setPeerDiscovery(
                    PeerDiscovery.newBuilder()
                        .setCmd("s1")
                        .setMac("s2")
                        .setId("s3")
                        .setUsername("s4")
                        .setHostname("s5")
                        .setPlatform("s6")
                        .setMisc("s7"))
                .build()),
        arguments(
            "ba010c0a0273311202723112027232",
            message()
                .setOnlineRequest(
                    OnlineRequest.newBuilder().setId("s1").addPeers("r1").addPeers("r2"))
                .build()),
        arguments(
            "c201040a02b101",
            message()
                .setOnlineResponse(OnlineResponse.newBuilder().setStates(bytes("b101")))
                .build()),
        arguments(
            "ca01060a01b10a01b2",
            message()
                .setKeyExchange(KeyExchange.newBuilder().addKeys(bytes("b1")).addKeys(bytes("b2")))
                .build()),
        arguments(
            "d201040a027331", message().setHc(HealthCheck.newBuilder().setToken("s1")).build()),
        arguments(
            "da01120a027331120273321a040a0273312202b404",
            message()
                .setHttpProxyRequest(
                    HttpProxyRequest.newBuilder()
                        .setMethod("s1")
                        .setPath("s2")
                        .addHeaders(HeaderEntry.newBuilder().setName("s1"))
                        .setBody(bytes("b404")))
                .build()),
        arguments(
            "e2011108e9071204120273321a02b30322027334",
            message()
                .setHttpProxyResponse(
                    HttpProxyResponse.newBuilder()
                        .setStatus(1001)
                        .addHeaders(HeaderEntry.newBuilder().setValue("s2"))
                        .setBody(bytes("b303"))
                        .setError("s4"))
                .build()));
  }

  private static RendezvousMessage.Builder message() {
    return RendezvousMessage.newBuilder();
  }

  private static ByteString bytes(String hex) {
    return ByteString.copyFrom(HexFormat.of().parseHex(hex));
  }
}
