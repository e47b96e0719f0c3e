package dev.rallypoint.loadtest.machine;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Runs a short command to its end. */
public final class Program {
  private Program() {}

  /**
   * What it printed.
   *
   * @throws LabException with what it printed, when it did not end with 0
   */
  public static String run(String... words) {
    return runWithInput("", words);
  }

  /** The same with a text on its standard input. */
  public static String runWithInput(String input, String... words) {
    String line = String.join(" ", words);
    try {
      Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
      try (OutputStream stdin = process.getOutputStream()) {
        stdin.write(input.getBytes(StandardCharsets.UTF_8));
      }
      String printed =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      int code = process.waitFor();
      if (code != 0) {
        throw new LabException(line + " ended with " + code + ": " + printed);
      }
      return printed;
    } catch (IOException e) {
      throw new LabException(line + " does not run: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException(line + " was interrupted", e);
    }
  }

  /** Whether a command runs and ends with 0. */
  public static boolean works(List<String> words) {
    try {
      run(words.toArray(String[]::new));
      return true;
    } catch (LabException e) {
      return false;
    }
  }
}
