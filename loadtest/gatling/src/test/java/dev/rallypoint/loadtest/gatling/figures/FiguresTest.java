package dev.rallypoint.loadtest.gatling.figures;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FiguresTest {
  private final Figures figures = new Figures();

  private void ok(String request, long micros) {
    figures.ok(request, TimeUnit.MICROSECONDS.toNanos(micros));
  }

  private RequestSummary beats() {
    return Objects.requireNonNull(figures.requests().get("beat"));
  }

  private void hundredBeats() {
    for (int micros = 1; micros <= 98; micros++) {
      ok("beat", micros);
    }
    figures.ko("beat", "no answer in time");
    figures.ko("beat", "no answer in time");
  }

  @Test
  void countsByNameAndReasonAndKeepsMicroseconds() {
    hundredBeats();

    assertThat(beats().ok()).isEqualTo(98);
    assertThat(beats().reasons()).isEqualTo(Map.of("no answer in time", 2L));
    assertThat(beats().percentile(50)).isEqualTo(49);
    assertThat(beats().loss()).isEqualTo(0.02);
  }

  @Test
  void countsNothingAfterTheEnd() {
    ok("beat", 1);
    figures.end();
    ok("beat", 1);
    figures.ko("beat", "closed by the server");
    figures.count(Counter.SOCKET_ERRORS);

    assertThat(beats().ok()).isEqualTo(1);
    assertThat(beats().ko()).isZero();
    assertThat(figures.counters()).containsEntry(Counter.SOCKET_ERRORS, 0L);
  }

  @Test
  void tellsNoMoreThanItsNumberOfNamesApart() {
    for (int i = 0; i < Figures.MOST_NAMES + 10; i++) {
      ok("name " + i, 1);
    }

    assertThat(figures.requests()).hasSize(Figures.MOST_NAMES + 1);
    assertThat(Objects.requireNonNull(figures.requests().get(Figures.OTHER)).ok()).isEqualTo(10);
  }

  @ParameterizedTest
  @CsvSource({
    "P50, 49, true",
    "P50, 48, false",
    "P99, 98, true",
    "P99, 97, false",
    "MAX, 98, true",
    "MAX, 97.5, false",
    "FAILED, 2, true",
    "FAILED, 1, false",
    "LOSS, 2, true",
    "LOSS, 1.9, false",
    "SUCCEEDED, 98, true",
    "SUCCEEDED, 99, false"
  })
  void judgesLimits(Measure measure, double bound, boolean held) {
    hundredBeats();

    assertThat(new Limit("beat", measure, bound).judge(figures.requests()).held()).isEqualTo(held);
  }

  @ParameterizedTest
  @CsvSource({"P99, 1000", "FAILED, 0", "LOSS, 100", "SUCCEEDED, 0"})
  void breaksALimitOnWhatNeverHappened(Measure measure, double bound) {
    assertThat(new Limit("beat", measure, bound).judge(figures.requests()).held()).isFalse();
  }

  @Test
  void breaksALimitOnTimesWhenNothingSucceeded() {
    figures.ko("beat", "offline");

    assertThat(new LimitBuilder("beat").p99(Duration.ofSeconds(9)).judge(figures.requests()).held())
        .isFalse();
  }

  @Test
  void addsTheFiguresOfTwoGeneratorsExactly(@TempDir Path folder) {
    hundredBeats();
    Path file = folder.resolve(FiguresJson.FILE);
    FiguresJson.write(result(), file);
    RequestSummary read = Objects.requireNonNull(FiguresJson.readRequests(file).get("beat"));

    RequestSummary both = read.plus(beats());

    assertThat(both.ok()).isEqualTo(196);
    assertThat(both.reasons()).isEqualTo(Map.of("no answer in time", 4L));
    assertThat(both.percentile(99)).isEqualTo(beats().percentile(99));
    assertThat(both.micros().getMaxValue()).isEqualTo(98);
  }

  @Test
  void writesWhatARunHasShown() {
    hundredBeats();
    figures.count(Counter.KEY_REQUESTS);

    JsonNode json = FiguresJson.tree(result());

    assertThat(json.at("/requests/beat/micros/p99.9").asLong()).isEqualTo(98);
    assertThat(json.at("/requests/beat/reasons/no answer in time").asLong()).isEqualTo(2);
    assertThat(json.at("/counters/key requests").asLong()).isEqualTo(1);
    assertThat(json.at("/limits/0/limit").asText()).isEqualTo("failed of beat: 0");
    assertThat(json.at("/limits/0/held").asBoolean()).isFalse();
    assertThat(json.at("/exitCode").asInt()).isEqualTo(3);
  }

  private RunResult result() {
    Limit limit = new LimitBuilder("beat").failed(0);
    return new RunResult(
        "Some",
        Instant.EPOCH,
        Duration.ofSeconds(3),
        Duration.ofSeconds(1),
        3,
        figures.requests(),
        figures.counters(),
        List.of(limit.judge(figures.requests())));
  }
}
