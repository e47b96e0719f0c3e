package dev.rallypoint.app.doctor;

import java.util.Comparator;
import java.util.List;

/**
 * All that was found.
 *
 * @param subject what was looked at: the name of a server, or a data folder
 * @param findings the rows, in the order of {@link Check}
 */
public record Diagnosis(String subject, List<Finding> findings) {
  /** Exit code when nothing is wrong. */
  public static final int FINE = 0;

  /** Exit code when at least one row is a fault. */
  public static final int FAULTY = 1;

  /** Exit code when at least one row is a warning and none a fault. */
  public static final int WITH_WARNINGS = 3;

  public Diagnosis {
    findings = findings.stream().sorted(Comparator.comparing(Finding::check)).toList();
  }

  /** The worst of all rows. */
  public Outcome outcome() {
    return findings.stream()
        .map(Finding::outcome)
        .max(Comparator.naturalOrder())
        .orElse(Outcome.OK);
  }

  /** The exit code of the command. */
  public int exitCode() {
    return switch (outcome()) {
      case OK, NOTE -> FINE;
      case WARNING -> WITH_WARNINGS;
      case FAULT -> FAULTY;
    };
  }
}
