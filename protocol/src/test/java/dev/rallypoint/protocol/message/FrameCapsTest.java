package dev.rallypoint.protocol.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.protocol.proto.OnlineRequest;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import java.util.Collections;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameCapsTest {

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 10_000, 100_000})
  void leaveRoomForAQueryOfTheLongestIds(int ids) {
    String longest = "x".repeat(PeerId.MAX_LENGTH);
    RendezvousMessage query =
        RendezvousMessage.newBuilder()
            .setOnlineRequest(
                OnlineRequest.newBuilder()
                    .setId(longest)
                    .addAllPeers(Collections.nCopies(ids, longest)))
            .build();

    assertThat(FrameCaps.onlineQuery(ids))
        .isGreaterThanOrEqualTo(query.getSerializedSize())
        .isLessThanOrEqualTo(query.getSerializedSize() + FrameCaps.ORDINARY);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 1_000_001})
  void refuseANumberThatWouldNotFit(int ids) {
    assertThatThrownBy(() -> FrameCaps.onlineQuery(ids))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
