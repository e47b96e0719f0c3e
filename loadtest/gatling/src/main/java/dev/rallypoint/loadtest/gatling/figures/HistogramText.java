package dev.rallypoint.loadtest.gatling.figures;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.HdrHistogram.Histogram;

/** A histogram in HdrHistogram's compressed form in base64. */
final class HistogramText {
  /** More bytes than a histogram of ours has: its counts are bounded by its range. */
  private static final int MOST_BYTES = 1 << 20;

  private static final int COMPRESSED_HEADER = 8;
  private static final int PAYLOAD_LENGTH = 4;

  private HistogramText() {}

  /**
   * The histogram of a text that {@link FiguresJson} wrote.
   *
   * @throws IOException when it is another text, or a histogram of another range
   */
  static Histogram decode(String text) throws IOException {
    try {
      ByteBuffer bytes = inflated(Base64.getDecoder().decode(text));
      // HdrHistogram allocates what a histogram claims.
      if (bytes.getInt(PAYLOAD_LENGTH) < 0 || bytes.getInt(PAYLOAD_LENGTH) > bytes.limit()) {
        throw new IOException("not a histogram");
      }
      Histogram histogram = Histogram.decodeFromByteBuffer(bytes, 1);
      if (histogram.getHighestTrackableValue() != RequestFigures.LONGEST_MICROS) {
        throw new IOException("a histogram of another range");
      }
      return histogram;
    } catch (DataFormatException | RuntimeException e) {
      throw new IOException("not a histogram", e);
    }
  }

  private static ByteBuffer inflated(byte[] compressed) throws DataFormatException {
    byte[] bytes = new byte[MOST_BYTES];
    try (Inflater inflater = new Inflater()) {
      inflater.setInput(compressed, COMPRESSED_HEADER, compressed.length - COMPRESSED_HEADER);
      int length = inflater.inflate(bytes);
      return ByteBuffer.wrap(bytes, 0, length);
    }
  }
}
