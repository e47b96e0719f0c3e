package dev.rallypoint.app.cli.manage;

import dev.rallypoint.metrics.access.ShownLetters;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.Help.Column.Overflow;
import picocli.CommandLine.Help.TextTable;

/**
 * Rows of texts in columns as wide as their longest one, under their names. What strangers may have
 * chosen, such as an id, cannot steer the terminal.
 */
final class TextRows {
  private static final DateTimeFormatter MINUTE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final List<List<String>> rows = new ArrayList<>();

  TextRows(String... names) {
    rows.add(List.of(names));
  }

  void add(String... texts) {
    rows.add(Arrays.stream(texts).map(ShownLetters::of).toList());
  }

  void print(PrintWriter out) {
    Column[] columns =
        IntStream.range(0, rows.getFirst().size())
            .mapToObj(i ->
                new Column(
                    2 + rows.stream().mapToInt(row -> row.get(i).length()).max().orElse(0),
                    0,
                    Overflow.SPAN))
            .toArray(Column[]::new);
    TextTable table = TextTable.forColumns(Help.defaultColorScheme(Ansi.OFF), columns);
    rows.forEach(row -> table.addRowValues(row.toArray(String[]::new)));
    table.toString().lines().map(String::stripTrailing).forEach(out::println);
  }

  /** A time in UTC to the minute; empty for an empty text. */
  static String minute(String instant) {
    return instant.isEmpty() ? "" : MINUTE.format(Instant.parse(instant));
  }

  /** Bytes as megabytes of 1,000,000 bytes. */
  static String megabytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f", bytes / 1e6);
  }
}
