package dev.rallypoint.policy.limit;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import dev.rallypoint.protocol.proto.FetchLocalAddr;
import dev.rallypoint.protocol.proto.PunchHole;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.proto.RequestRelay;
import org.junit.jupiter.api.Test;

/** What of a long push is sent. */
class PushSizeTest {
  private static final ByteString LONG = ByteString.copyFrom(new byte[8_000]);
  private static final UnknownFieldSet NEWER =
      UnknownFieldSet.newBuilder()
          .addField(99, UnknownFieldSet.Field.newBuilder().addLengthDelimited(LONG).build())
          .build();

  private static RendezvousMessage relay(RequestRelay.Builder request) {
    return RendezvousMessage.newBuilder().setRequestRelay(request).build();
  }

  @Test
  void leavesAMessageThatFitsAsItIs() {
    RendezvousMessage push = relay(RequestRelay.newBuilder().setUuid("x".repeat(PushSize.MAX - 7)));
    assertThat(push.getSerializedSize()).isEqualTo(PushSize.MAX);

    assertThat(PushSize.fit(push)).contains(push);
  }

  @Test
  void refusesAMessageOfOneByteMore() {
    assertThat(PushSize.fit(relay(RequestRelay.newBuilder().setUuid("x".repeat(PushSize.MAX - 6)))))
        .isEmpty();
  }

  @Test
  void dropsAnAddressThatIsNone() {
    assertThat(
            PushSize.fit(
                RendezvousMessage.newBuilder()
                    .setPunchHole(PunchHole.newBuilder().setUdpPort(7).setSocketAddrV6(LONG))
                    .build()))
        .contains(
            RendezvousMessage.newBuilder()
                .setPunchHole(PunchHole.newBuilder().setUdpPort(7))
                .build());
    assertThat(
            PushSize.fit(
                RendezvousMessage.newBuilder()
                    .setFetchLocalAddr(FetchLocalAddr.newBuilder().setSocketAddrV6(LONG))
                    .build()))
        .contains(
            RendezvousMessage.newBuilder()
                .setFetchLocalAddr(FetchLocalAddr.getDefaultInstance())
                .build());
  }

  @Test
  void dropsFieldsNewerThanUsThatAreTooLong() {
    RequestRelay.Builder request = RequestRelay.newBuilder().setUuid("a-uuid").setSecure(true);

    assertThat(PushSize.fit(relay(request.clone().setUnknownFields(NEWER))))
        .contains(relay(request));
  }
}
