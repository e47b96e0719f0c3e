package dev.rallypoint.policy;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.rallypoint.protocol.address.AddressMangler;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.proto.LocalAddr;
import dev.rallypoint.protocol.proto.PunchHoleSent;
import dev.rallypoint.protocol.proto.RelayResponse;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import java.net.InetAddress;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an answer proves, by its kind, its echo, its source and the requester's address. */
class AnswerProofTest {
  private static PeerAddress at(String ip) {
    return PeerAddress.of(InetAddress.ofLiteral(ip), 40_001);
  }

  private static RendezvousMessage answer(String kind, ByteString socketAddr) {
    RendezvousMessage.Builder message = RendezvousMessage.newBuilder();
    switch (kind) {
      case "sent" -> message.setPunchHoleSent(PunchHoleSent.newBuilder().setSocketAddr(socketAddr));
      case "local" -> message.setLocalAddr(LocalAddr.newBuilder().setSocketAddr(socketAddr));
      default -> message.setRelayResponse(RelayResponse.newBuilder().setSocketAddr(socketAddr));
    }
    return message.build();
  }

  @ParameterizedTest(name = "{0} for {1}, secret {2}, from the target''s host {3}, by UDP {4}: {5}")
  @CsvSource({
    "sent,  203.0.113.7, echoed, false, false, SECRET",
    "sent,  203.0.113.7, echoed, true,  true,  SECRET",
    "sent,  203.0.113.7, other,  true,  false, FALSE",
    "sent,  203.0.113.7, other,  false, true,  FALSE",
    "sent,  203.0.113.7, none,   true,  false, FALSE",
    "relay, 203.0.113.7, echoed, false, false, SECRET",
    "relay, 203.0.113.7, other,  true,  false, FALSE",
    "local, 203.0.113.7, other,  true,  false, HOST",
    "local, 203.0.113.7, echoed, false, false, ELSEWHERE",
    "local, 203.0.113.7, other,  false, false, ELSEWHERE",
    "sent,  2001:db8::7, echoed, true,  false, HOST",
    "sent,  2001:db8::7, echoed, true,  true,  DATAGRAM",
    "sent,  2001:db8::7, echoed, false, false, ELSEWHERE",
    "sent,  2001:db8::7, echoed, false, true,  ELSEWHERE",
    "relay, 2001:db8::7, echoed, true,  false, HOST",
    "relay, 2001:db8::7, echoed, false, false, ELSEWHERE",
    "local, 2001:db8::7, echoed, true,  false, HOST",
  })
  void isJudged(
      String kind,
      String requester,
      String secret,
      boolean isFromTarget,
      boolean byUdp,
      AnswerProof expected) {
    PeerAddress a = at(requester);
    ByteString pushed = AddressMangler.encode(a, 0xCAFE_F00DL);
    ByteString echoed =
        switch (secret) {
          case "echoed" -> pushed;
          case "other" -> AddressMangler.encode(a, 0xCAFE_F00EL);
          default -> ByteString.EMPTY;
        };

    assertThat(AnswerProof.of(answer(kind, echoed), pushed, a.isV4(), isFromTarget, byUdp))
        .isEqualTo(expected);
  }
}
