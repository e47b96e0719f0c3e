package dev.rallypoint.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Which frames are found in a WebSocket's bytes, and which of them carry next to nothing. */
class WebSocketFramesTest {
  private static final int BINARY = 0x82;
  private static final int PING = 0x89;
  private static final int FIRST_FRAGMENT = 0x02;
  private static final int FRAGMENT = 0x00;
  private static final int LAST_FRAGMENT = 0x80;
  private static final String HEAD = "GET / HTTP/1.1\r\nHost: x\r\nA: \r\rb\r\n\r\n";

  private final ByteArrayOutputStream sent = new ByteArrayOutputStream();

  WebSocketFramesTest() {
    sent.writeBytes(HEAD.getBytes(StandardCharsets.US_ASCII));
  }

  /** A masked frame of zeros. */
  private void frame(int first, int length) {
    sent.write(first);
    if (length < 126) {
      sent.write(0x80 | length);
    } else if (length < 65_536) {
      sent.write(0x80 | 126);
      sent.writeBytes(ByteBuffer.allocate(2).putShort((short) length).array());
    } else {
      sent.write(0x80 | 127);
      sent.writeBytes(ByteBuffer.allocate(8).putLong(length).array());
    }
    sent.writeBytes(new byte[4 + length]);
  }

  private int counted(int pieceSize, boolean shortOnly) {
    WebSocketFrames frames = new WebSocketFrames();
    byte[] all = sent.toByteArray();
    int counted = 0;
    for (int from = 0; from < all.length; from += pieceSize) {
      ByteBuffer piece = ByteBuffer.wrap(all, from, Math.min(pieceSize, all.length - from));
      counted += frames.feed(piece, shortOnly, Integer.MAX_VALUE);
    }
    return counted;
  }

  @ParameterizedTest
  @CsvSource({"1", "2", "3", "7", "1000", "1000000"})
  void findsFramesHoweverTheirBytesAreCut(int pieceSize) {
    for (int length : new int[] {0, 1, 125, 126, 127, 65_535, 65_536, 0, 70_000, 5}) {
      frame(BINARY, length);
    }

    assertThat(counted(pieceSize, false)).isEqualTo(10);
  }

  static Stream<Arguments> kinds() {
    return Stream.of(
        Arguments.of(PING, 0, true),
        Arguments.of(PING, 125, true),
        Arguments.of(BINARY, 0, true),
        Arguments.of(BINARY, 1, false),
        Arguments.of(BINARY, 70_000, false),
        Arguments.of(FIRST_FRAGMENT, 0, true),
        Arguments.of(FIRST_FRAGMENT, 1_023, true),
        Arguments.of(FIRST_FRAGMENT, 1_024, false),
        Arguments.of(FRAGMENT, 5, true),
        Arguments.of(FRAGMENT, 16_384, false),
        Arguments.of(LAST_FRAGMENT, 0, true),
        Arguments.of(LAST_FRAGMENT, 5, false));
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void tellsFramesThatCarryNextToNothing(int first, int length, boolean isShort) {
    frame(first, length);

    assertThat(counted(1_000_000, true)).isEqualTo(isShort ? 1 : 0);
    assertThat(counted(1_000_000, false)).isOne();
  }

  @Test
  void stopsBehindAsManyFramesAsItWasToldTo() {
    frame(PING, 0);
    frame(PING, 0);
    frame(PING, 0);
    ByteBuffer all = ByteBuffer.wrap(sent.toByteArray());
    WebSocketFrames frames = new WebSocketFrames();

    assertThat(frames.feed(all, false, 2)).isEqualTo(2);
    assertThat(all.remaining()).isEqualTo(4 + 6); // the second one's mask too
    assertThat(frames.feed(all, false, 2)).isOne();
    assertThat(all.hasRemaining()).isFalse();
  }

  @Test
  void findsNothingInTheHeadOfTheRequest() {
    assertThat(counted(1_000_000, false)).isZero();
  }

  @Test
  void doesNotFailOnALengthThatNoFrameHas() {
    sent.write(BINARY);
    sent.write(0xFF);
    sent.writeBytes(new byte[] {-1, -1, -1, -1, -1, -1, -1, -1, 0, 0, 0, 0});
    frame(PING, 0);

    assertThat(counted(1_000_000, false)).isEqualTo(2);
  }
}
