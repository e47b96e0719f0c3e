package dev.rallypoint.protocol.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrameHeaderTest {
  private static final String LENGTHS_AND_HEADERS =
      """
      0,          00
      1,          04
      5,          14
      24,         60
      63,         fc
      64,         0101
      101,        9501
      16383,      fdff
      16384,      020001
      4194303,    feffff
      4194304,    03000001
      1073741823, ffffffff
      """;

  @ParameterizedTest
  @CsvSource(textBlock = LENGTHS_AND_HEADERS)
  void writesTheShortestHeader(int length, String header) {
    byte[] target = new byte[FrameHeader.size(length)];
    int behind = FrameHeader.write(length, target, 0);

    assertThat(HexFormat.of().formatHex(target)).isEqualTo(header);
    assertThat(behind).isEqualTo(target.length);
  }

  @ParameterizedTest
  @CsvSource(textBlock = LENGTHS_AND_HEADERS)
  void readsTheLength(int length, String header) {
    byte[] source = HexFormat.of().parseHex("ff" + header + "ff");

    assertThat(FrameHeader.size(source[1])).isEqualTo(header.length() / 2);
    assertThat(FrameHeader.read(source, 1)).isEqualTo(length);
  }

  @ParameterizedTest
  @CsvSource({"14, 5", "1500, 5", "160000, 5", "17000000, 5", "01 00, 0", "03000000, 0"})
  void readsHeadersWiderThanNeeded(String header, int length) {
    byte[] source = HexFormat.of().parseHex(header.replace(" ", ""));

    assertThat(FrameHeader.size(source[0])).isEqualTo(source.length);
    assertThat(FrameHeader.read(source, 0)).isEqualTo(length);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, Integer.MIN_VALUE, FrameHeader.MAX_LENGTH + 1, Integer.MAX_VALUE})
  void refusesLengthsThatNoHeaderHolds(int length) {
    assertThatThrownBy(() -> FrameHeader.size(length))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(String.valueOf(length));
  }

  @Test
  void readsBackEveryLengthItWrites() {
    for (long seed = 0; seed < 20_000; seed++) {
      int length = new Random(seed).nextInt() >>> (2 + seed % 30);
      byte[] header = new byte[FrameHeader.MAX_SIZE];
      int size = FrameHeader.write(length, header, 0);

      assertThat(FrameHeader.size(header[0])).as("seed %d", seed).isEqualTo(size);
      assertThat(FrameHeader.read(header, 0)).as("seed %d", seed).isEqualTo(length);
    }
  }
}
