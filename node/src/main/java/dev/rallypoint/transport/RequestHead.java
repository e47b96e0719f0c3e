package dev.rallypoint.transport;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.pekko.NotUsed;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.util.ByteString;

/**
 * The head of the first HTTP request of a connection. Field lines of one name are one list (RFC
 * 9110, 5.3), but Pekko forgets all {@code Connection} lines but the first, and with them the
 * {@code Upgrade} that a proxy or client wrote in the second: they are made one line.
 *
 * @param bytes what has come of it
 */
record RequestHead(ByteString bytes) {
  /** Longer ones are refused by Pekko's own limits; they are handed on as they are. */
  private static final int LONGEST = 16_384;

  private static final ByteString END = ByteString.fromString("\r\n\r\n");
  private static final Pattern CONNECTION = Pattern.compile("(?i)connection:.*");

  /** Before this record, nothing; after it, bytes go through untouched. */
  private static final RequestHead NOTHING = new RequestHead(ByteString.emptyByteString());

  private static final RequestHead PASSED = new RequestHead(END);

  /** Holds the head back until it is whole. */
  static Flow<ByteString, ByteString, NotUsed> flow() {
    return Flow.of(ByteString.class)
        .<RequestHead, ByteString>statefulMap(
            () -> NOTHING,
            (head, piece) -> head == PASSED ? Pair.create(PASSED, piece) : head.with(piece),
            head -> Optional.of(head.bytes).filter(rest -> head != PASSED && rest.nonEmpty()))
        .filter(ByteString::nonEmpty);
  }

  private Pair<RequestHead, ByteString> with(ByteString piece) {
    ByteString all = bytes.concat(piece);
    int end = all.indexOfSlice(END, Math.max(0, bytes.size() - END.size()));
    if (end < 0) {
      return all.size() > LONGEST
          ? Pair.create(PASSED, all)
          : Pair.create(new RequestHead(all), ByteString.emptyByteString());
    }
    return Pair.create(PASSED, folded(all.take(end)).concat(all.drop(end)));
  }

  /** A head without its end, its Connection lines made one. */
  static ByteString folded(ByteString head) {
    String text = head.decodeString(StandardCharsets.ISO_8859_1);
    List<String> lines = new ArrayList<>(List.of(text.split("\r\n", -1)));
    List<String> connections =
        lines.stream().filter(line -> CONNECTION.matcher(line).matches()).toList();
    if (connections.size() < 2) {
      return head;
    }
    int first = lines.indexOf(connections.getFirst());
    lines.removeAll(connections);
    lines.add(
        first,
        "Connection: "
            + String.join(
                ", ", connections.stream().map(line -> line.substring(11).strip()).toList()));
    return ByteString.fromString(String.join("\r\n", lines), StandardCharsets.ISO_8859_1);
  }
}
