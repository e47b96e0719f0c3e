package dev.rallypoint.config.text;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reads the text files that operators write, whatever editor saved them: UTF-8 with or without a
 * byte order mark, or UTF-16 with one. Line ends may be those of Windows.
 */
public final class TextFile {
  /** The longest file that is read where the caller has no limit of its own, in bytes. */
  private static final int LONGEST = 16 << 20;

  private static final String MARK = "\uFEFF";

  private TextFile() {}

  /**
   * The text of a file.
   *
   * @throws CharacterCodingException when it is neither UTF-8 nor marked as UTF-16
   * @throws IOException when it cannot be read or is longer than 16 MiB
   */
  public static String read(Path file) throws IOException {
    return decoded(bytes(file, LONGEST), CodingErrorAction.REPORT);
  }

  /**
   * The text of a file in which only ASCII letters count, such as a key in base64 or PEM. Letters
   * in another encoding, which may stand in comments, are replaced.
   *
   * @param longest the most bytes it may have
   * @throws IOException when it cannot be read or is longer
   */
  public static String readAscii(Path file, int longest) throws IOException {
    return decoded(bytes(file, longest), CodingErrorAction.REPLACE);
  }

  private static byte[] bytes(Path file, int longest) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(longest + 1);
      if (bytes.length > longest) {
        throw new IOException("it is longer than " + longest + " bytes");
      }
      return bytes;
    }
  }

  private static String decoded(byte[] bytes, CodingErrorAction onFault)
      throws CharacterCodingException {
    String text =
        encoding(bytes)
            .newDecoder()
            .onMalformedInput(onFault)
            .onUnmappableCharacter(onFault)
            .decode(ByteBuffer.wrap(bytes))
            .toString();
    return text.startsWith(MARK) ? text.substring(1) : text;
  }

  private static Charset encoding(byte[] bytes) {
    int mark = bytes.length < 2 ? 0 : (bytes[0] & 0xFF) << 8 | bytes[1] & 0xFF;
    return mark == 0xFEFF || mark == 0xFFFE ? StandardCharsets.UTF_16 : StandardCharsets.UTF_8;
  }
}
