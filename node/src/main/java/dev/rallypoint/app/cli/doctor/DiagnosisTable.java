package dev.rallypoint.app.cli.doctor;

import dev.rallypoint.app.doctor.Diagnosis;
import dev.rallypoint.app.doctor.Finding;
import dev.rallypoint.app.doctor.Outcome;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.ColorScheme;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.Help.Column.Overflow;
import picocli.CommandLine.Help.TextTable;

/** A diagnosis as a table for people: a line for each check, and the mend below where one is. */
final class DiagnosisTable {
  private static final int WIDTH_OF_OUTCOME = 9;
  private static final int WIDTH_OF_CHECK = 20;
  private static final int WIDTH_OF_TEXT = 90;

  private DiagnosisTable() {}

  /** The lines, with colours where the terminal has them. */
  static String of(Diagnosis diagnosis, ColorScheme colours) {
    Ansi ansi = colours.ansi();
    TextTable table =
        TextTable.forColumns(
            colours,
            new Column(WIDTH_OF_OUTCOME, 0, Overflow.TRUNCATE),
            new Column(WIDTH_OF_CHECK, 0, Overflow.TRUNCATE),
            new Column(WIDTH_OF_TEXT, 0, Overflow.WRAP));
    for (Finding finding : diagnosis.findings()) {
      Outcome outcome = finding.outcome();
      table.addRowValues(
          ansi.new Text("@|" + style(outcome) + " " + outcome.label() + "|@", colours),
          colours.text(finding.check().label()),
          plain(colours, finding.seen()));
      if (!finding.verdict().mend().isEmpty()) {
        table.addRowValues(
            colours.text(""), colours.text(""), plain(colours, "-> " + finding.verdict().mend()));
      }
    }
    return table + summary(diagnosis);
  }

  /** Text of a server is no markup. */
  private static Ansi.Text plain(ColorScheme colours, String text) {
    return colours.ansi().new Text(text.replace("@|", "@ |"), colours);
  }

  private static String style(Outcome outcome) {
    return switch (outcome) {
      case OK -> "green";
      case NOTE -> "faint";
      case WARNING -> "yellow";
      case FAULT -> "red,bold";
    };
  }

  private static String summary(Diagnosis diagnosis) {
    String about = diagnosis.subject();
    return switch (diagnosis.outcome()) {
      case OK, NOTE -> about + ": nothing wrong was found";
      case WARNING -> about + ": works, with warnings: " + checks(diagnosis, Outcome.WARNING);
      case FAULT -> about + ": faults: " + checks(diagnosis, Outcome.FAULT);
    };
  }

  private static String checks(Diagnosis diagnosis, Outcome outcome) {
    List<String> names =
        diagnosis.findings().stream()
            .filter(finding -> finding.outcome() == outcome)
            .map(finding -> finding.check().label())
            .distinct()
            .toList();
    return names.stream().collect(Collectors.joining(", "));
  }
}
