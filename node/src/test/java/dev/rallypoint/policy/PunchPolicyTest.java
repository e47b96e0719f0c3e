package dev.rallypoint.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import dev.rallypoint.config.Cidr;
import dev.rallypoint.policy.PunchPolicy.Rules;
import dev.rallypoint.protocol.address.AddressMangler;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.proto.ConnType;
import dev.rallypoint.protocol.proto.ControlPermissions;
import dev.rallypoint.protocol.proto.ControlledContext;
import dev.rallypoint.protocol.proto.FetchLocalAddr;
import dev.rallypoint.protocol.proto.NatType;
import dev.rallypoint.protocol.proto.PunchHole;
import dev.rallypoint.protocol.proto.PunchHoleRequest;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.proto.RequestRelay;
import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The message to the target, as tables of addresses, settings and requests. */
class PunchPolicyTest {
  private static final long MICROS = 1_700_000_000_123_456L;
  private static final Networks LAN = new Networks(List.of(Cidr.parse("mask", "192.168.0.0/16")));
  private static final Rules PLAIN = new Rules(false, LAN, "");
  private static final PeerAddress A = at("203.0.113.7", 40_001);
  private static final PeerAddress B = at("198.51.100.9", 50_001);
  private static final PeerAddress A_AT_B = at("198.51.100.9", 40_001);
  private static final ByteString V6 = AddressMangler.encode(at("2001:db8::7", 6_000), MICROS);
  private static final UnknownFieldSet NEWER =
      UnknownFieldSet.newBuilder()
          .addField(99, UnknownFieldSet.Field.newBuilder().addVarint(7).build())
          .build();

  private static PeerAddress at(String ip, int port) {
    return PeerAddress.of(InetAddress.ofLiteral(ip), port);
  }

  private static PunchHoleRequest.Builder request() {
    return PunchHoleRequest.newBuilder()
        .setId("123456789")
        .setNatType(NatType.ASYMMETRIC)
        .setLicenceKey("secret")
        .setToken("token")
        .setVersion("1.4.9")
        .setUdpPort(41_000)
        .setUpnpPort(42_000)
        .setSocketAddrV6(V6);
  }

  private static RendezvousMessage decide(
      Rules rules, PunchHoleRequest.Builder request, PeerAddress a, PeerAddress b) {
    ByteString socketAddr = AddressMangler.encode(a, MICROS);
    return PunchPolicy.decide(
        rules, request.build(), a, false, b, "relay.example:21117", socketAddr);
  }

  private static PunchHole punch(
      Rules rules, PunchHoleRequest.Builder request, PeerAddress a, PeerAddress b) {
    RendezvousMessage decided = decide(rules, request, a, b);
    assertThat(decided.getUnionCase()).isEqualTo(RendezvousMessage.UnionCase.PUNCH_HOLE);
    return decided.getPunchHole();
  }

  @Test
  void copiesEveryFieldOfTheRequestIntoThePunch() {
    assertThat(punch(PLAIN, request(), A, B))
        .isEqualTo(
            PunchHole.newBuilder()
                .setSocketAddr(AddressMangler.encode(A, MICROS))
                .setRelayServer("relay.example:21117")
                .setNatType(NatType.ASYMMETRIC)
                .setUdpPort(41_000)
                .setUpnpPort(42_000)
                .setSocketAddrV6(V6)
                .build());
  }

  @Test
  void copiesANatTypeNewerThanUs() {
    assertThat(punch(PLAIN, request().setNatTypeValue(17), A, B).getNatTypeValue()).isEqualTo(17);
  }

  @Test
  void asksANeighbourForItsLocalAddress() {
    assertThat(decide(PLAIN, request(), A_AT_B, B).getFetchLocalAddr())
        .isEqualTo(
            FetchLocalAddr.newBuilder()
                .setSocketAddr(AddressMangler.encode(A_AT_B, MICROS))
                .setRelayServer("relay.example:21117")
                .setSocketAddrV6(V6)
                .build());
  }

  @ParameterizedTest(name = "{0} to {1}, always relay {2}, force relay {3}, WebSocket {4}: {5}")
  @CsvSource({
    "203.0.113.7, 198.51.100.9, false, false, false, punch",
    "203.0.113.7, 203.0.113.7,  false, false, false, local",
    "203.0.113.7, 203.0.113.7,  true,  false, false, relay",
    "203.0.113.7, 203.0.113.7,  false, true,  false, relay",
    "203.0.113.7, 203.0.113.7,  false, false, true,  punch",
    "203.0.113.7, 198.51.100.9, true,  false, false, relay",
    "203.0.113.7, 198.51.100.9, false, true,  false, relay",
    "192.168.1.1, 192.168.2.2,  false, false, false, local",
    "192.168.1.1, 192.168.2.2,  true,  false, false, relay",
    "192.168.1.1, 192.168.2.2,  false, true,  false, relay",
    "192.168.1.1, 192.168.2.2,  false, false, true,  punch",
    "192.168.1.1, 198.51.100.9, false, false, false, symmetric",
    "203.0.113.7, 192.168.2.2,  false, false, false, symmetric",
    "192.168.1.1, 198.51.100.9, true,  false, false, relay",
    "127.0.0.1,   127.0.0.1,    false, false, false, local",
    "2001:db8::1, 2001:db8::1,  false, false, false, local",
    "2001:db8::1, 2001:db8::2,  false, false, false, punch",
    "::ffff:203.0.113.7, 203.0.113.7, false, false, false, local",
  })
  void decidesHowTwoPeersMeet(
      String a, String b, boolean always, boolean force, boolean webSocket, String expected) {
    RendezvousMessage decided =
        PunchPolicy.decide(
            new Rules(always, LAN, ""),
            request().setForceRelay(force).build(),
            at(a, 1_000),
            webSocket,
            at(b, 2_000),
            "",
            AddressMangler.encode(at(a, 1_000), MICROS));

    PunchHole punch = decided.getPunchHole();
    assertThat(
            decided.hasFetchLocalAddr()
                ? "local"
                : punch.getForceRelay() && punch.getNatType() == NatType.SYMMETRIC
                    ? "relay"
                    : punch.getNatType() == NatType.SYMMETRIC ? "symmetric" : "punch")
        .isEqualTo(expected);
  }

  @ParameterizedTest(name = "{0} to {1}: {2}")
  @CsvSource({
    "203.0.113.7, 192.168.2.2,  192.168.0.1",
    "192.168.1.1, 198.51.100.9, relay.example:21117",
    "192.168.1.1, 192.168.2.2,  relay.example:21117",
    "203.0.113.7, 198.51.100.9, relay.example:21117",
  })
  void namesTheLocalRelayToATargetInTheLanOfARequesterOutside(String a, String b, String relay) {
    Rules rules = new Rules(true, LAN, "192.168.0.1");
    assertThat(punch(rules, request(), at(a, 1), at(b, 2)).getRelayServer()).isEqualTo(relay);
  }

  @Test
  void keepsTheConfiguredRelayWhereNoLocalIpIsSet() {
    assertThat(punch(PLAIN, request(), A, at("192.168.2.2", 2)).getRelayServer())
        .isEqualTo("relay.example:21117");
  }

  @Test
  void forwardsARelayRequestWithTheRequestersAddressAndWithoutItsSecrets() {
    RequestRelay asked =
        RequestRelay.newBuilder()
            .setId("123456789")
            .setUuid("u-1")
            .setSocketAddr(ByteString.copyFromUtf8("forged"))
            .setRelayServer("relay.example")
            .setSecure(true)
            .setConnType(ConnType.TERMINAL)
            .setLicenceKey("key")
            .setToken("token")
            .setSwitchCode("code")
            .setControlPermissions(ControlPermissions.newBuilder().setPermissions(-1))
            .setControlledContext(ControlledContext.newBuilder().setConnAuditRef("forged"))
            .setUnknownFields(NEWER)
            .build();

    RendezvousMessage forwarded =
        PunchPolicy.relayRequest(
            RendezvousMessage.newBuilder().setRequestRelay(asked).setUnknownFields(NEWER).build(),
            "relay.of.b",
            AddressMangler.encode(A, MICROS));

    assertThat(forwarded)
        .isEqualTo(
            RendezvousMessage.newBuilder()
                .setRequestRelay(
                    RequestRelay.newBuilder()
                        .setId("123456789")
                        .setUuid("u-1")
                        .setSocketAddr(AddressMangler.encode(A, MICROS))
                        .setRelayServer("relay.of.b")
                        .setSecure(true)
                        .setConnType(ConnType.TERMINAL)
                        .setUnknownFields(NEWER))
                .setUnknownFields(NEWER)
                .build());
  }
}
