package dev.rallypoint.transport;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.metrics.DropReason;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The frames of a WebSocket, by the examples of RFC 6455, 5.7, and against its rules. */
class WebSocketCodecTest {
  private final WebSocketCodec codec = new WebSocketCodec();

  private static ByteString hex(String hex) {
    return ByteString.fromArray(HexFormat.of().parseHex(hex.replace(" ", "")));
  }

  private static ByteString text(String text) {
    return ByteString.fromString(text, StandardCharsets.UTF_8);
  }

  private List<WebSocketCodec.Event> events(ByteString bytes) {
    codec.feed(bytes);
    List<WebSocketCodec.Event> events = new ArrayList<>();
    for (WebSocketCodec.Event next; (next = codec.poll()) != null; ) {
      events.add(next);
    }
    return events;
  }

  @ParameterizedTest
  @CsvSource({
    "81 85 37fa213d 7f9f4d5158, Hello", // a text is taken as its bytes
    "82 85 37fa213d 7f9f4d5158, Hello",
    "82 80 37fa213d, ''",
  })
  void takesAMaskedMessageInOnePieceAndByteByByte(String frame, String message) {
    WebSocketCodec.Event whole = new WebSocketCodec.Message(text(message));
    assertThat(events(hex(frame))).containsExactly(whole);
    ByteString bytes = hex(frame);
    for (int i = 0; i < bytes.size() - 1; i++) {
      assertThat(events(bytes.slice(i, i + 1))).isEmpty();
    }
    assertThat(events(bytes.takeRight(1))).containsExactly(whole);
    assertThat(codec.heldBytes()).isZero();
  }

  @Test
  void putsFragmentsTogetherWithAPingBetweenThem() {
    assertThat(events(hex("02 83 00000000 48656c 89 81 00000000 21 80 82 00000000 6c6f")))
        .containsExactly(
            new WebSocketCodec.Passing(3),
            new WebSocketCodec.Ping(text("!")),
            new WebSocketCodec.Message(text("Hello")));
    assertThat(codec.heldBytes()).isZero();
  }

  @Test
  void countsWhatItHoldsOfAMessageThatIsNotWhole() {
    assertThat(events(hex("02 83 00000000 48656c 80 82 00000000 6c")))
        .containsExactly(new WebSocketCodec.Passing(3));
    assertThat(codec.heldBytes()).isEqualTo(4);
  }

  @Test
  void takesMessagesOfEachLengthOneBehindTheOther() {
    Random random = new Random(1);
    List<WebSocketCodec.Event> sent = new ArrayList<>();
    ByteString all = ByteString.emptyByteString();
    for (int length : new int[] {1, 125, 126, 65_535, 65_536, 1_000_000}) {
      byte[] message = new byte[length];
      random.nextBytes(message);
      sent.add(new WebSocketCodec.Message(ByteString.fromArray(message)));
      // What the server writes, with a mask of zeros, is what a client writes.
      ByteString frame = WebSocketCodec.binary(ByteString.fromArray(message));
      int header = frame.size() - length;
      byte[] begin = frame.take(header).toArray();
      begin[1] |= (byte) 0x80;
      all =
          all.concat(ByteString.fromArray(begin))
              .concat(hex("00000000"))
              .concat(frame.drop(header));
    }
    List<WebSocketCodec.Event> received = new ArrayList<>();
    for (int at = 0; at < all.size(); at += 40_000) {
      received.addAll(events(all.slice(at, Math.min(at + 40_000, all.size()))));
    }
    assertThat(received).isEqualTo(sent);
  }

  @ParameterizedTest
  @CsvSource({
    "88 80 00000000, 1000",
    "88 82 00000000 03e9, 1001",
  })
  void answersACloseWithItsCode(String frame, int code) {
    assertThat(events(hex(frame))).containsExactly(new WebSocketCodec.Close(code));
  }

  @ParameterizedTest
  @CsvSource({
    "c2 80 00000000, FRAME_UNPARSABLE, 1002", // compressed
    "82 05 48656c6c6f, FRAME_UNPARSABLE, 1002", // not masked
    "83 80 00000000, FRAME_UNPARSABLE, 1002", // an unknown kind
    "80 80 00000000, FRAME_UNPARSABLE, 1002", // goes on with nothing
    "02 80 00000000 82 80 00000000, FRAME_UNPARSABLE, 1002", // a message inside another
    "09 80 00000000, FRAME_UNPARSABLE, 1002", // a ping in fragments
    "82 fe 0005, FRAME_UNPARSABLE, 1002", // a longer length than needed
    "82 ff 0000000001000001, FRAME_TOO_LONG, 1009",
    "82 ff 8000000000000000, FRAME_UNPARSABLE, 1002",
  })
  void refusesWhatBreaksTheRules(String frames, DropReason reason, int code) {
    assertThat(events(hex(frames))).last().isEqualTo(new WebSocketCodec.Broken(reason, code));
    assertThat(codec.heldBytes()).isZero();
  }

  @Test
  void writesControlFrames() {
    assertThat(WebSocketCodec.ping()).isEqualTo(hex("89 00"));
    assertThat(WebSocketCodec.pong(text("!"))).isEqualTo(hex("8a 01 21"));
    assertThat(WebSocketCodec.close(1000)).isEqualTo(hex("88 02 03e8"));
  }
}
