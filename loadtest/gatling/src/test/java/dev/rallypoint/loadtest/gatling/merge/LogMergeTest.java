package dev.rallypoint.loadtest.gatling.merge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Logs that are written here, whole and broken; those of Gatling are in {@code MergedRunTest}. */
class LogMergeTest {
  private static final long START = 1_700_000_000_000L;

  @TempDir private Path folder;

  private static LogText text(String text) {
    return new LogText(text, (byte) 0);
  }

  private static LogHeader header(long start, String... scenarios) {
    return new LogHeader(
        text("3.15.1"),
        text("S"),
        start,
        LogText.EMPTY,
        Arrays.stream(scenarios).map(LogMergeTest::text).toList(),
        List.of(ByteBuffer.wrap(new byte[] {1, 2, 3})));
  }

  private static LogRecord.Request request(String name, int start, String message) {
    return new LogRecord.Request(
        List.of(text("group")),
        text(name),
        start,
        start + 5,
        message.isEmpty(),
        message.isEmpty() ? LogText.EMPTY : text(message));
  }

  private Path log(String name, LogHeader header, LogRecord... records) throws IOException {
    Path file = folder.resolve(name);
    try (LogWriter writer = new LogWriter(file, header)) {
      for (LogRecord written : records) {
        writer.write(written);
      }
    }
    return file;
  }

  private Path sample() throws IOException {
    return log(
        "sample.log",
        header(START, "peers"),
        new LogRecord.User(0, true, 1),
        request("beat", 2, ""),
        request("beat", 9, "no answer in time"),
        new LogRecord.Group(List.of(text("group")), 2, 14, 10, true),
        new LogRecord.Crash(text("crashed"), 15),
        new LogRecord.User(0, false, 16));
  }

  private static List<LogRecord> records(Path log) throws IOException {
    List<LogRecord> records = new ArrayList<>();
    try (LogReader reader = new LogReader(log)) {
      for (@Nullable LogRecord read = reader.next(); read != null; read = reader.next()) {
        records.add(read);
      }
    }
    return records;
  }

  @Test
  void shiftsTimesAndRenumbersScenarios() throws IOException {
    Path late =
        log(
            "late.log",
            header(START + 250, "callers", "peers"),
            new LogRecord.User(0, true, 10),
            new LogRecord.User(1, true, 20),
            request("punch", 30, ""));
    Path merged = folder.resolve("merged.log");

    LogMerge.merge(List.of(late, sample()), merged);

    try (LogReader reader = new LogReader(merged)) {
      assertThat(reader.header()).isEqualTo(header(START, "callers", "peers"));
    }
    assertThat(records(merged))
        .containsExactly(
            new LogRecord.User(0, true, 260),
            new LogRecord.User(1, true, 270),
            request("punch", 280, ""),
            new LogRecord.User(1, true, 1),
            request("beat", 2, ""),
            request("beat", 9, "no answer in time"),
            new LogRecord.Group(List.of(text("group")), 2, 14, 10, true),
            new LogRecord.Crash(text("crashed"), 15),
            new LogRecord.User(1, false, 16));
  }

  @Test
  void refusesALogThatIsCutOffAnywhereWithinARecord() throws IOException {
    byte[] whole = Files.readAllBytes(sample());
    Path cut = folder.resolve("cut.log");
    int refused = 0;
    for (int length = 0; length < whole.length; length++) {
      Files.write(cut, Arrays.copyOf(whole, length));
      try {
        records(cut);
      } catch (LogException e) {
        assertThat(e)
            .hasMessageStartingWith(cut + ": the log is cut off")
            .hasMessageNotContaining("\n");
        refused++;
      }
    }

    // Only between records a log looks whole.
    assertThat(refused).isEqualTo(whole.length - records(sampleAgain(whole)).size());
  }

  private Path sampleAgain(byte[] whole) throws IOException {
    return Files.write(folder.resolve("whole.log"), whole);
  }

  @Test
  void neverThrowsAnythingElseOnBytesThatAreChanged() throws IOException {
    byte[] whole = Files.readAllBytes(sample());
    Random random = new Random(1);
    Path changed = folder.resolve("changed.log");
    int refused = 0;
    for (int i = 0; i < 1_000; i++) {
      byte[] bytes = whole.clone();
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
      Files.write(changed, bytes);
      try {
        LogMerge.merge(List.of(changed), folder.resolve("out" + i));
      } catch (LogException e) {
        assertThat(e).hasMessageStartingWith(changed.toString());
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(150);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 00, not a simulation.log of Gatling 3.13 or newer",
    "1, 7fffffff, 2147483647 bytes of a string",
    "1, ffffffff, -1 bytes of a string",
    "25, 7fffffff, 2147483647 scenarios"
  })
  void refusesWhatAHeaderClaims(int at, String hex, String why) throws IOException {
    byte[] bytes = Files.readAllBytes(sample());
    byte[] planted = ByteBuffer.allocate(4).putInt(Integer.parseUnsignedInt(hex, 16)).array();
    if (at == 0) {
      bytes[0] = 'R';
    } else {
      System.arraycopy(planted, 0, bytes, at == 25 ? scenarioCount(bytes) : at, 4);
    }
    Path hostile = Files.write(folder.resolve("hostile.log"), bytes);

    assertThatThrownBy(() -> LogMerge.merge(List.of(hostile), folder.resolve("out")))
        .isInstanceOf(LogException.class)
        .hasMessageContaining(why);
  }

  /** Kind, version (4 + 6 + 1), class (4 + 1 + 1), start (8), empty description (4). */
  private static int scenarioCount(byte[] bytes) {
    int at = 1 + 11 + 6 + 8 + 4;
    assertThat(ByteBuffer.wrap(bytes).getInt(at)).isEqualTo(1);
    return at;
  }

  @Test
  void refusesLogsOfDifferentVersionsOfGatling() throws IOException {
    LogHeader other =
        new LogHeader(text("3.14.0"), text("S"), START, LogText.EMPTY, List.of(), List.of());
    Path old = log("old.log", other);

    assertThatThrownBy(() -> LogMerge.merge(List.of(sample(), old), folder.resolve("out")))
        .isInstanceOf(LogException.class)
        .hasMessageContaining("3.15.1")
        .hasMessageContaining("3.14.0");
  }

  @Test
  void refusesRunsOfDifferentDays() throws IOException {
    Path other = log("other.log", header(START + 2 * 86_400_000L, "peers"));

    assertThatThrownBy(() -> LogMerge.merge(List.of(sample(), other), folder.resolve("out")))
        .isInstanceOf(LogException.class)
        .hasMessageContaining("over a day after");
  }
}
