package dev.rallypoint.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import dev.rallypoint.protocol.address.AddressMangler;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.proto.LocalAddr;
import dev.rallypoint.protocol.proto.NatType;
import dev.rallypoint.protocol.proto.PunchHoleResponse;
import dev.rallypoint.protocol.proto.PunchHoleSent;
import dev.rallypoint.protocol.proto.RelayResponse;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import org.junit.jupiter.api.Test;

/** The requester's message for each answer of a target. */
class TargetAnswerTest {
  private static final long MICROS = 1_700_000_000_123_456L;
  private static final PeerAddress SOURCE = PeerAddress.v4(0xC633_6409, 50_001);
  private static final ByteString SIGNED = ByteString.copyFromUtf8("signed");
  private static final ByteString REQUESTER = ByteString.copyFromUtf8("requester");
  private static final ByteString V6 = ByteString.copyFromUtf8("v6 address");
  private static final UnknownFieldSet NEWER =
      UnknownFieldSet.newBuilder()
          .addField(99, UnknownFieldSet.Field.newBuilder().addVarint(7).build())
          .build();

  private static PunchHoleSent.Builder sent() {
    return PunchHoleSent.newBuilder()
        .setSocketAddr(REQUESTER)
        .setId("123456789")
        .setRelayServer("relay.example")
        .setNatType(NatType.ASYMMETRIC)
        .setVersion("1.4.9")
        .setUpnpPort(42_000)
        .setSocketAddrV6(V6);
  }

  private static PunchHoleResponse.Builder response() {
    return PunchHoleResponse.newBuilder()
        .setSocketAddr(AddressMangler.encode(SOURCE, MICROS))
        .setPk(SIGNED)
        .setRelayServer("relay.example")
        .setNatType(NatType.ASYMMETRIC)
        .setUpnpPort(42_000)
        .setSocketAddrV6(V6);
  }

  private static LocalAddr.Builder local() {
    return LocalAddr.newBuilder()
        .setSocketAddr(REQUESTER)
        .setLocalAddr(ByteString.copyFromUtf8("as sent"))
        .setRelayServer("relay.example")
        .setId("123456789")
        .setVersion("1.4.9")
        .setSocketAddrV6(V6);
  }

  private static RelayResponse.Builder initiate() {
    return RelayResponse.newBuilder()
        .setSocketAddr(REQUESTER)
        .setUuid("u-1")
        .setRelayServer("relay.example")
        .setId("123456789")
        .setVersion("1.4.9")
        .setUpnpPort(42_000)
        .setSocketAddrV6(V6)
        .setUnknownFields(NEWER);
  }

  private static RelayResponse relayed(RelayResponse.Builder response) {
    return TargetAnswer.relayed(
            RendezvousMessage.newBuilder().setRelayResponse(response).build(), SIGNED)
        .getRelayResponse();
  }

  @Test
  void namesTheSourceOfATcpPunch() {
    assertThat(
            TargetAnswer.punched(sent().build(), SOURCE, false, SIGNED, MICROS)
                .getPunchHoleResponse())
        .isEqualTo(response().build());
  }

  @Test
  void marksAPunchByUdp() {
    assertThat(
            TargetAnswer.punched(sent().build(), SOURCE, true, SIGNED, MICROS)
                .getPunchHoleResponse())
        .isEqualTo(response().setIsUdp(true).build());
  }

  @Test
  void copiesANatTypeNewerThanUs() {
    assertThat(
            TargetAnswer.punched(sent().setNatTypeValue(17).build(), SOURCE, false, SIGNED, MICROS)
                .getPunchHoleResponse()
                .getNatTypeValue())
        .isEqualTo(17);
  }

  @Test
  void sendsTheKeyThoughTheTargetNamesNoVersion() {
    assertThat(
            TargetAnswer.punched(sent().clearVersion().build(), SOURCE, false, SIGNED, MICROS)
                .getPunchHoleResponse()
                .getPk())
        .isEqualTo(SIGNED);
  }

  @Test
  void passesALocalAddressOnAsItWasSent() {
    assertThat(TargetAnswer.listensLocally(local().build(), SIGNED).getPunchHoleResponse())
        .isEqualTo(
            PunchHoleResponse.newBuilder()
                .setSocketAddr(ByteString.copyFromUtf8("as sent"))
                .setIsLocal(true)
                .setPk(SIGNED)
                .setRelayServer("relay.example")
                .setSocketAddrV6(V6)
                .build());
  }

  @Test
  void sendsTheKeyOfANeighbourThatNamesNoVersion() {
    assertThat(
            TargetAnswer.listensLocally(local().clearVersion().build(), SIGNED)
                .getPunchHoleResponse()
                .getPk())
        .isEqualTo(SIGNED);
  }

  @Test
  void putsTheSignedKeyInTheIdsPlaceOfAChosenRelay() {
    assertThat(relayed(initiate())).isEqualTo(initiate().clearSocketAddr().setPk(SIGNED).build());
  }

  @Test
  void sendsTheKeyOfATargetThatChoseARelayAndNamesNoVersion() {
    assertThat(relayed(initiate().clearVersion()))
        .isEqualTo(initiate().clearVersion().clearSocketAddr().setPk(SIGNED).build());
  }

  @Test
  void passesARefusalOnWithoutTheAddress() {
    RelayResponse.Builder refusal =
        RelayResponse.newBuilder().setRefuseReason("not allowed").setVersion("1.4.9");
    assertThat(relayed(refusal.clone().setSocketAddr(REQUESTER))).isEqualTo(refusal.build());
  }

  @Test
  void takesAKeyFromTheServerOnly() {
    RelayResponse.Builder plain = RelayResponse.newBuilder().setPk(ByteString.copyFromUtf8("own"));
    assertThat(relayed(plain)).isEqualTo(RelayResponse.getDefaultInstance());
  }

  @Test
  void keepsFieldsOfTheEnvelopeNewerThanUs() {
    RendezvousMessage envelope =
        RendezvousMessage.newBuilder().setRelayResponse(initiate()).setUnknownFields(NEWER).build();
    assertThat(TargetAnswer.relayed(envelope, SIGNED).getUnknownFields()).isEqualTo(NEWER);
  }
}
