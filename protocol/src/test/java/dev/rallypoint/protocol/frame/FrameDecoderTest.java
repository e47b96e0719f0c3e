package dev.rallypoint.protocol.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameDecoderTest {
  private static final int CAP = 64 * 1024;

  @Test
  void cutsOneFrame() throws Exception {
    assertThat(decode(CAP, "14" + "6162636465")).containsExactly("6162636465");
  }

  @Test
  void givesAnEmptyFrameAsAnEmptyPayload() throws Exception {
    assertThat(decode(CAP, "00")).containsExactly("");
  }

  @Test
  void cutsSeveralFramesOfOnePiece() throws Exception {
    assertThat(decode(CAP, "0461" + "00" + "08" + "6263")).containsExactly("61", "", "6263");
  }

  @Test
  void takesAHeaderWiderThanNeeded() throws Exception {
    assertThat(decode(CAP, "0500" + "61")).containsExactly("61");
    assertThat(decode(CAP, "060000" + "61")).containsExactly("61");
    assertThat(decode(CAP, "07000000" + "61")).containsExactly("61");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "01", "0200", "030000", "14", "14616263", "0101"})
  void waitsForTheRestOfAFrame(String begun) throws Exception {
    assertThat(decode(CAP, begun)).isEmpty();
  }

  @Test
  void knowsWhetherAFrameHasBegun() throws Exception {
    FrameDecoder decoder = new FrameDecoder(CAP);
    assertThat(decoder.isMidFrame()).isFalse();

    decoder.feed(ByteBuffer.wrap(new byte[] {0x08, 'a'}));
    assertThat(decoder.poll()).isNull();
    assertThat(decoder.isMidFrame()).isTrue();

    decoder.feed(ByteBuffer.wrap(new byte[] {'b'}));
    assertThat(decoder.poll()).containsExactly('a', 'b');
    assertThat(decoder.isMidFrame()).isFalse();
  }

  @Test
  void handsOverTheBytesBehindTheFirstFrame() throws Exception {
    FrameDecoder decoder = new FrameDecoder(CAP);
    decoder.feed(ByteBuffer.wrap(HexFormat.of().parseHex("0461" + "ffffffffff")));

    assertThat(decoder.poll()).containsExactly('a');
    assertThat(decoder.takeRest()).isEqualTo(HexFormat.of().parseHex("ffffffffff"));
    assertThat(decoder.takeRest()).isEmpty();
    assertThat(decoder.isMidFrame()).isFalse();
  }

  @Test
  void takesAFrameOfExactlyTheCap() throws Exception {
    FrameDecoder decoder = new FrameDecoder(100);
    decoder.feed(ByteBuffer.wrap(FrameEncoder.encode(new byte[100])));

    assertThat(decoder.poll()).hasSize(100);
  }

  @Test
  void refusesAFrameOfOneByteOverTheCapByItsHeader() {
    FrameDecoder decoder = new FrameDecoder(100);
    decoder.feed(ByteBuffer.wrap(new byte[] {(byte) (101 << 2 | 1), 101 >> 6}));

    assertThatThrownBy(decoder::poll)
        .isInstanceOf(FrameException.class)
        .hasMessage("a frame of 101 bytes, 100 are allowed");
    assertThatThrownBy(decoder::poll).isInstanceOf(FrameException.class);
  }

  @Test
  void givesTheFramesBeforeOneThatIsRefused() throws Exception {
    FrameDecoder decoder = new FrameDecoder(100);
    decoder.feed(ByteBuffer.wrap(HexFormat.of().parseHex("0461" + "ffffffff")));

    assertThat(decoder.poll()).containsExactly('a');
    assertThatThrownBy(decoder::poll).isInstanceOf(FrameException.class);
  }

  @Test
  void allocatesNothingForAHeaderThatAnnouncesAGigabyte() {
    // Loading a class or two is allowed for.
    assertThat(allocatedByRefusing(CAP)).isLessThan(1 << 26);
  }

  @Test
  void allocatesForBytesThatCameAndNotForTheLengthAnnounced() throws Exception {
    FrameDecoder decoder = new FrameDecoder(FrameHeader.MAX_LENGTH);
    decoder.feed(ByteBuffer.wrap(HexFormat.of().parseHex("ffffffff" + "00000000")));

    assertThat(decoder.poll()).isNull();
    assertThat(decoder.heldBytes()).isEqualTo(8);
  }

  @Test
  void holdsNoBufferWhenNoFrameHasBegun() throws Exception {
    FrameDecoder decoder = new FrameDecoder(CAP);
    decoder.feed(ByteBuffer.wrap(FrameEncoder.encode(new byte[1_000])));

    assertThat(decoder.poll()).hasSize(1_000);
    assertThat(decoder.heldBytes()).isZero();
  }

  @Test
  void holdsNoMoreThanOneFrameOfTheCapBetweenPieces() throws Exception {
    for (long seed = 0; seed < 300; seed++) {
      Random random = new Random(seed);
      int cap = random.nextInt(1, 2_000);
      FrameDecoder decoder = new FrameDecoder(cap);
      byte[] stream = stream(random, payloads(random, cap));
      for (int from = 0; from < stream.length; ) {
        int length = Math.min(stream.length - from, random.nextInt(1, 3 * cap + 8));
        decoder.feed(ByteBuffer.wrap(stream, from, length));
        from += length;
        while (decoder.poll() != null) {}
        assertThat(decoder.heldBytes())
            .as("seed %d, byte %d", seed, from)
            .isLessThanOrEqualTo(cap + FrameHeader.MAX_SIZE);
      }
    }
  }

  @Test
  void cutsTheSameFramesHoweverTheStreamIsSplit() throws Exception {
    for (long seed = 0; seed < 1_000; seed++) {
      Random random = new Random(seed);
      List<String> payloads = payloads(random, 3_000);
      byte[] stream = stream(random, payloads);
      FrameDecoder decoder = new FrameDecoder(3_000);
      List<String> seen = new ArrayList<>();
      int longest = 1 << random.nextInt(13);
      for (int from = 0; from < stream.length; ) {
        int length = Math.min(stream.length - from, random.nextInt(longest + 1));
        decoder.feed(ByteBuffer.wrap(stream, from, length));
        from += length;
        pollAll(decoder, seen);
      }

      assertThat(seen).as("seed %d", seed).isEqualTo(payloads);
      assertThat(decoder.isMidFrame()).as("seed %d", seed).isFalse();
    }
  }

  @Test
  void takesTheRestAtAnyCutAsItWasSent() throws Exception {
    for (long seed = 0; seed < 500; seed++) {
      Random random = new Random(seed);
      byte[] raw = new byte[random.nextInt(500)];
      random.nextBytes(raw);
      byte[] first = new byte[random.nextInt(200)];
      ByteArrayOutputStream stream = new ByteArrayOutputStream();
      stream.writeBytes(FrameEncoder.encode(first));
      stream.writeBytes(raw);
      FrameDecoder decoder = new FrameDecoder(200);
      decoder.feed(ByteBuffer.wrap(stream.toByteArray()));

      assertThat(decoder.poll()).as("seed %d", seed).isEqualTo(first);
      assertThat(decoder.takeRest()).as("seed %d", seed).isEqualTo(raw);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, FrameHeader.MAX_LENGTH + 1})
  void refusesACapThatNoFrameHas(int cap) {
    assertThatThrownBy(() -> new FrameDecoder(cap)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void encodesHeaderAndPayload() {
    assertThat(FrameEncoder.encode(new byte[] {1, 2, 3, 4, 5}))
        .isEqualTo(HexFormat.of().parseHex("140102030405"));
    assertThat(FrameEncoder.encode(new byte[0])).isEqualTo(new byte[] {0});
    assertThat(FrameEncoder.encode(new byte[64])).hasSize(66).startsWith(1, 1);
  }

  private static long allocatedByRefusing(int cap) {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    FrameDecoder decoder = new FrameDecoder(cap);
    long before = threads.getCurrentThreadAllocatedBytes();
    decoder.feed(ByteBuffer.wrap(new byte[] {-1, -1, -1, -1}));
    assertThatThrownBy(decoder::poll).isInstanceOf(FrameException.class);
    return threads.getCurrentThreadAllocatedBytes() - before;
  }

  private static List<String> decode(int cap, String hex) throws FrameException {
    FrameDecoder decoder = new FrameDecoder(cap);
    decoder.feed(ByteBuffer.wrap(HexFormat.of().parseHex(hex)));
    List<String> seen = new ArrayList<>();
    pollAll(decoder, seen);
    return seen;
  }

  private static void pollAll(FrameDecoder decoder, List<String> seen) throws FrameException {
    for (byte[] payload = decoder.poll(); payload != null; payload = decoder.poll()) {
      seen.add(HexFormat.of().formatHex(payload));
    }
  }

  private static List<String> payloads(Random random, int longest) {
    List<String> payloads = new ArrayList<>();
    for (int i = random.nextInt(1, 20); i > 0; i--) {
      byte[] payload = new byte[random.nextInt(longest + 1) >>> random.nextInt(12)];
      random.nextBytes(payload);
      payloads.add(HexFormat.of().formatHex(payload));
    }
    return payloads;
  }

  /** Frames whose headers are of any width that holds the length. */
  private static byte[] stream(Random random, List<String> payloads) {
    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    for (String hex : payloads) {
      byte[] payload = HexFormat.of().parseHex(hex);
      int width = random.nextInt(FrameHeader.size(payload.length), FrameHeader.MAX_SIZE + 1);
      long header = (long) payload.length << 2 | width - 1;
      for (int i = 0; i < width; i++) {
        stream.write((int) (header >>> 8 * i));
      }
      stream.writeBytes(payload);
    }
    return stream.toByteArray();
  }
}
