package dev.rallypoint.loadtest.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option that writes all figures to a file. */
public final class CsvOption {
  @Option(
      names = "--csv",
      paramLabel = "FILE",
      description = "Writes all figures to this file as comma separated values.")
  private @Nullable Path file;

  /** Writes the lines, of which the first is the header; does nothing without the option. */
  public void write(List<String> lines) throws IOException {
    if (file != null) {
      Files.write(file, lines);
    }
  }
}
