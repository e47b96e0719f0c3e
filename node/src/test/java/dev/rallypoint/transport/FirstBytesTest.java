package dev.rallypoint.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.protocol.frame.FrameEncoder;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.proto.RequestRelay;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FirstBytesTest {
  private static final Set<String> COMMANDS = Set.of("usage", "u", "h");
  private static final FirstBytes.Outcome UNFINISHED = new FirstBytes.Outcome.Unfinished();

  private static ByteBuffer text(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
  }

  private static FirstBytes.Outcome frames(String text) {
    return new FirstBytes.Outcome.Frames(text(text));
  }

  private static byte[] request() {
    return FrameEncoder.encode(
        RendezvousMessage.newBuilder()
            .setRequestRelay(RequestRelay.newBuilder().setUuid("cut").setId("123456789"))
            .build()
            .toByteArray());
  }

  @Test
  void anyCutOfAFrameGivesAllItsBytesOnce() {
    byte[] request = request();
    Random random = new Random(5);
    for (int run = 0; run < 500; run++) {
      FirstBytes first = new FirstBytes(run % 2 == 0 ? COMMANDS : Set.of());
      ByteArrayOutputStream given = new ByteArrayOutputStream();
      for (int at = 0; at < request.length; ) {
        int length = Math.min(1 + random.nextInt(20), request.length - at);
        if (first.feed(ByteBuffer.wrap(request, at, length))
            instanceof FirstBytes.Outcome.Frames(ByteBuffer bytes)) {
          byte[] piece = new byte[bytes.remaining()];
          bytes.get(piece);
          given.writeBytes(piece);
        }
        at += length;
      }
      assertThat(given.toByteArray()).isEqualTo(request);
      assertThat(first.isDecided()).isTrue();
      assertThat(first.heldBytes()).isZero();
    }
  }

  @Test
  void takesACommandByteByByte() {
    FirstBytes first = new FirstBytes(COMMANDS);
    for (String letter : "usage 1".split("")) {
      assertThat(first.feed(text(letter))).isEqualTo(UNFINISHED);
    }
    assertThat(first.feed(text("\n")))
        .isEqualTo(new FirstBytes.Outcome.Command(new ConsoleCommand("usage", List.of("1"))));
  }

  @Test
  void takesACommandWithoutAnEndOfLineAfterAPause() {
    FirstBytes first = new FirstBytes(COMMANDS);
    first.feed(text("usage"));
    assertThat(first.heldBytes()).isPositive();
    assertThat(first.onPause())
        .isEqualTo(new FirstBytes.Outcome.Command(new ConsoleCommand("usage", List.of())));
  }

  @Test
  void takesHalfACommandThatPausesForTheBeginningOfAFrame() {
    FirstBytes first = new FirstBytes(COMMANDS);
    first.feed(text("usa"));
    assertThat(first.onPause()).isEqualTo(frames("usa"));
    assertThat(first.feed(text("ge\n"))).isEqualTo(frames("ge\n"));
  }

  @Test
  void aPauseWithinAFrameIsNoEnd() {
    FirstBytes first = new FirstBytes(COMMANDS);
    first.feed(ByteBuffer.wrap(request(), 0, 10));
    assertThat(first.heldBytes()).isZero();
    assertThat(first.onPause()).isEqualTo(frames(""));
  }

  @Test
  void aStreamThatEndsWithoutAByteIsNoCommand() {
    assertThat(new FirstBytes(COMMANDS).onPause()).isEqualTo(frames(""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"usage\n", "u", ""})
  void textToAPeerWithoutAConsoleIsFrames(String text) {
    assertThat(new FirstBytes(Set.of()).feed(text(text))).isEqualTo(frames(text));
  }
}
