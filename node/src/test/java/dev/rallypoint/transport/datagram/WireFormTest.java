package dev.rallypoint.transport.datagram;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.proto.RegisterPeer;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Which datagrams are seen to be no message before the parser sees them. */
class WireFormTest {
  private static boolean isBroken(byte[] payload) {
    return WireForm.isBroken(new BytesView(payload, PeerAddress.v4(0xCB007107, 50_000)));
  }

  private static boolean isParsed(byte[] payload) {
    try {
      RendezvousMessage.parseFrom(payload);
      return true;
    } catch (InvalidProtocolBufferException e) {
      return false;
    }
  }

  @Test
  void refusesNothingThatTheParserTakes() {
    Random random = new Random(3);
    byte[] valid =
        RendezvousMessage.newBuilder()
            .setRegisterPeer(RegisterPeer.newBuilder().setId("123456789").setSerial(300))
            .build()
            .toByteArray();
    int broken = 0;
    int taken = 0;
    for (int i = 0; i < 200_000; i++) {
      byte[] payload = Arrays.copyOf(valid, random.nextInt(valid.length + 8));
      for (int changes = random.nextInt(4); changes > 0 && payload.length > 0; changes--) {
        payload[random.nextInt(payload.length)] = (byte) random.nextInt();
      }
      if (isParsed(payload)) {
        taken++;
        assertThat(isBroken(payload)).as("%s", Arrays.toString(payload)).isFalse();
      } else if (isBroken(payload)) {
        broken++;
      }
    }
    assertThat(taken).isPositive();
    assertThat(broken).isPositive();
  }

  @Test
  void refusesNearlyAllThatIsRandom() {
    Random random = new Random(5);
    int broken = 0;
    for (int i = 0; i < 10_000; i++) {
      byte[] payload = new byte[20 + random.nextInt(280)];
      random.nextBytes(payload);
      broken += isBroken(payload) ? 1 : 0;
    }

    assertThat(broken).isGreaterThan(9_900);
  }
}
