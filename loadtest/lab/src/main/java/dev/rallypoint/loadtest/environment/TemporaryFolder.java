package dev.rallypoint.loadtest.environment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** Temporary folders for the data and logs of one run. */
public final class TemporaryFolder {
  private TemporaryFolder() {}

  /** Creates one whose name begins with {@code rallypoint-}. */
  public static Path create(String purpose) throws IOException {
    return Files.createTempDirectory("rallypoint-" + purpose + "-");
  }

  /** Deletes a folder with its content; a failure is reported on the standard error only. */
  public static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      System.err.println("cannot delete " + folder + ": " + e.getMessage());
    }
  }
}
