package dev.rallypoint.protocol.message;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.rallypoint.protocol.proto.RendezvousMessage;

/**
 * Any bytes are a message or are refused with the one exception; a message comes through {@code
 * toBuilder()} byte for byte.
 *
 * <p>A plain {@code mvn test} runs the kept inputs under {@code src/test/resources}. To search for
 * new ones: {@code JAZZER_FUZZ=1 mvn -pl protocol test -Dtest=RendezvousMessageFuzzTest}.
 */
class RendezvousMessageFuzzTest {

  @FuzzTest(maxDuration = "30s")
  void parsesAndForwardsAnyBytes(byte[] input) throws Exception {
    RendezvousMessage message;
    try {
      message = RendezvousMessage.parseFrom(input);
    } catch (InvalidProtocolBufferException refused) {
      return;
    }
    byte[] written = message.toByteArray();

    assertThat(message.toBuilder().build().toByteArray()).isEqualTo(written);
    assertThat(RendezvousMessage.parseFrom(written)).isEqualTo(message);
  }
}
