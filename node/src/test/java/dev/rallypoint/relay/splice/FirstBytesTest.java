package dev.rallypoint.relay.splice;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.protocol.frame.FrameEncoder;
import dev.rallypoint.relay.Requests;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FirstBytesTest {
  private static final Set<String> WORDS = Set.of("usage", "u", "h");

  private static ByteBuffer text(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
  }

  @Test
  void anyCutOfAFrameGivesTheSameFrameAndRest() {
    byte[] request = Requests.sideA("cut");
    byte[] behind = {1, 2, 3, 4, 5};
    byte[] all = Arrays.copyOf(request, request.length + behind.length);
    System.arraycopy(behind, 0, all, request.length, behind.length);
    Random random = new Random(5);
    for (int run = 0; run < 500; run++) {
      FirstBytes bytes = new FirstBytes(run % 2 == 0 ? WORDS : Set.of());
      FirstBytes.Outcome outcome = new FirstBytes.Outcome.Unfinished();
      int at = 0;
      while (outcome instanceof FirstBytes.Outcome.Unfinished) {
        int length = Math.min(1 + random.nextInt(20), all.length - at);
        outcome = bytes.feed(ByteBuffer.wrap(all, at, length));
        at += length;
      }
      int fed = at;
      assertThat(outcome)
          .isInstanceOfSatisfying(
              FirstBytes.Outcome.Frame.class,
              frame -> {
                assertThat(FrameEncoder.encode(frame.payload())).isEqualTo(request);
                assertThat(frame.rest()).isEqualTo(Arrays.copyOfRange(all, request.length, fed));
              });
    }
  }

  @Test
  void takesACommandByteByByte() {
    FirstBytes bytes = new FirstBytes(WORDS);
    for (String letter : "usage 1".split("")) {
      assertThat(bytes.feed(text(letter))).isInstanceOf(FirstBytes.Outcome.Unfinished.class);
    }
    assertThat(bytes.feed(text("\n")))
        .isInstanceOfSatisfying(
            FirstBytes.Outcome.Command.class,
            command -> assertThat(command.command().arguments()).isEqualTo(List.of("1")));
  }

  @Test
  void halfACommandThatPausesIsNothing() {
    FirstBytes bytes = new FirstBytes(WORDS);
    bytes.feed(text("usa"));
    assertThat(bytes.onPause())
        .isEqualTo(new FirstBytes.Outcome.Broken(DropReason.FRAME_UNPARSABLE));
  }

  @Test
  void aPauseWithinAFrameIsNoEnd() {
    FirstBytes bytes = new FirstBytes(WORDS);
    bytes.feed(ByteBuffer.wrap(Requests.sideA("pause"), 0, 20));
    assertThat(bytes.isCommandBegun()).isFalse();
    assertThat(bytes.onPause()).isInstanceOf(FirstBytes.Outcome.Unfinished.class);
  }

  @Test
  void textToAPeerWithoutAConsoleIsAFrame() {
    FirstBytes bytes = new FirstBytes(Set.of());
    assertThat(bytes.feed(text("usage\n"))).isNotInstanceOf(FirstBytes.Outcome.Command.class);
  }
}
