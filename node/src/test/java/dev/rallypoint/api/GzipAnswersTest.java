package dev.rallypoint.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GzipAnswersTest {
  private static final ApiAnswer LARGE = ApiAnswer.text("x".repeat(10_000));

  @ParameterizedTest
  @CsvSource({
    "gzip, true",
    "'deflate, GZIP', true",
    "'gzip;q=0.5, *', true",
    "gzip;q=0, false",
    "gzip;q=0.00, false",
    "br, false",
    "identity, false",
    "'', false"
  })
  void areForThoseWhoTakeThem(String accepted, boolean areSent) {
    assertThat(GzipAnswers.areFor(LARGE, List.of(accepted))).isEqualTo(areSent);
  }

  @Test
  void areNotForSmallAnswers() {
    assertThat(GzipAnswers.areFor(ApiAnswer.text("{}"), List.of("gzip"))).isFalse();
    assertThat(GzipAnswers.areFor(LARGE, List.of())).isFalse();
  }

  @Test
  void haveTheSameBytes() throws IOException {
    byte[] small = GzipAnswers.of(LARGE.body());
    assertThat(small).hasSizeLessThan(1_000);
    assertThat(new GZIPInputStream(new ByteArrayInputStream(small)).readAllBytes())
        .isEqualTo(LARGE.body());
  }
}
