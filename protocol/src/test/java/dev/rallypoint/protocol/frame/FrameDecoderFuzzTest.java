package dev.rallypoint.protocol.frame;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Any bytes, in any pieces: the frames and the verdict are those of the bytes in one piece, and the
 * decoder stays within its cap.
 *
 * <p>A plain {@code mvn test} runs the kept inputs under {@code src/test/resources}. To search for
 * new ones: {@code JAZZER_FUZZ=1 mvn -pl protocol test -Dtest=FrameDecoderFuzzTest}; what it finds
 * lands beside the kept inputs and is then a regression test.
 */
class FrameDecoderFuzzTest {

  @FuzzTest(maxDuration = "30s")
  void cutsAnyBytesTheSameHoweverTheyAreSplit(byte[] input) {
    if (input.length < 2) {
      return;
    }
    int cap = 1 << (input[0] & 15);
    int piece = 1 + (input[1] & 0xFF);
    ByteBuffer stream = ByteBuffer.wrap(input, 2, input.length - 2);

    assertThat(cut(stream.slice(), cap, piece))
        .isEqualTo(cut(stream.slice(), cap, Math.max(1, input.length)));
  }

  private static List<String> cut(ByteBuffer stream, int cap, int piece) {
    FrameDecoder decoder = new FrameDecoder(cap);
    List<String> seen = new ArrayList<>();
    try {
      while (stream.hasRemaining()) {
        int length = Math.min(piece, stream.remaining());
        decoder.feed(stream.slice(stream.position(), length));
        stream.position(stream.position() + length);
        for (byte[] frame = decoder.poll(); frame != null; frame = decoder.poll()) {
          assertThat(frame.length).isLessThanOrEqualTo(cap);
          seen.add(HexFormat.of().formatHex(frame));
        }
        assertThat(decoder.heldBytes()).isLessThanOrEqualTo(cap + FrameHeader.MAX_SIZE);
      }
      seen.add("rest " + HexFormat.of().formatHex(decoder.takeRest()));
    } catch (FrameException refused) {
      seen.add(String.valueOf(refused.getMessage()));
    }
    return seen;
  }
}
