package dev.rallypoint.api;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/** Makes large answers smaller for clients that take gzip (RFC 9110, 8.4.1.3). */
final class GzipAnswers {
  /** Answers below this are sent as they are, in bytes. */
  static final int SMALLEST = 4 * 1024;

  private static final int BUFFER = 8 * 1024;
  private static final int USUAL_RATIO = 4;

  private GzipAnswers() {}

  /**
   * Whether an answer is to be made smaller.
   *
   * @param accepted the values of Accept-Encoding
   */
  static boolean areFor(ApiAnswer answer, List<String> accepted) {
    return answer.body().length >= SMALLEST
        && accepted.stream()
            .flatMap(value -> List.of(value.split(",")).stream())
            .map(coding -> coding.replace(" ", "").toLowerCase(Locale.ROOT))
            .anyMatch(coding ->
                coding.equals("gzip")
                    || coding.startsWith("gzip;q=") && !coding.matches("gzip;q=0(\\.0*)?"));
  }

  /** The bytes in gzip, by the fastest level. */
  static byte[] of(byte[] body) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(body.length / USUAL_RATIO);
    try (GZIPOutputStream gzip =
        new GZIPOutputStream(bytes, BUFFER) {
          {
            def.setLevel(Deflater.BEST_SPEED);
          }
        }) {
      gzip.write(body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
