package dev.rallypoint.transport;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.pekko.util.ByteString;

/**
 * The head of the first HTTP request of a connection. Field lines of one name are one list (RFC
 * 9110, 5.3), but Pekko forgets all {@code Connection} lines but the first, and with them the
 * {@code Upgrade} that a proxy or client wrote in the second: they are made one line.
 *
 * @param bytes what has come of it; with its Connection lines made one once it is whole
 * @param isWhole whether its end has come, or it is so long that Pekko refuses it
 * @param behind what has come behind it
 */
record RequestHead(ByteString bytes, boolean isWhole, ByteString behind) {
  /** Longer ones are refused by Pekko's own limits; they are handed on as they are. */
  private static final int LONGEST = 16_384;

  private static final ByteString END = ByteString.fromString("\r\n\r\n");
  private static final Pattern CONNECTION = Pattern.compile("(?i)connection:.*");

  /** Before anything has come. */
  static final RequestHead NOTHING =
      new RequestHead(ByteString.emptyByteString(), false, ByteString.emptyByteString());

  /** The head with more bytes; it must not be whole. */
  RequestHead with(ByteString piece) {
    ByteString all = bytes.concat(piece);
    int end = all.indexOfSlice(END, Math.max(0, bytes.size() - END.size()));
    if (end < 0) {
      return new RequestHead(all, all.size() > LONGEST, ByteString.emptyByteString());
    }
    int length = end + END.size();
    return new RequestHead(folded(all.take(end)).concat(END), true, all.drop(length));
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
