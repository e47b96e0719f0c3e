package dev.rallypoint.loadtest.environment;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Runs a short external command to its end. */
public final class ExternalCommand {
  private ExternalCommand() {}

  /**
   * Runs a command and returns its output.
   *
   * @throws EnvironmentException with the output, when the exit code is not 0
   */
  public static String run(String... command) {
    return runWithInput("", command);
  }

  /** Runs a command with a text on its standard input and returns its output. */
  public static String runWithInput(String input, String... command) {
    String line = String.join(" ", command);
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      try (OutputStream stdin = process.getOutputStream()) {
        stdin.write(input.getBytes(StandardCharsets.UTF_8));
      }
      String printed =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      int code = process.waitFor();
      if (code != 0) {
        throw new EnvironmentException(line + " ended with " + code + ": " + printed);
      }
      return printed;
    } catch (IOException e) {
      throw new EnvironmentException(line + " does not run: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EnvironmentException(line + " was interrupted", e);
    }
  }

  /** Runs a command and returns whether its exit code is 0. */
  public static boolean succeeds(List<String> command) {
    try {
      run(command.toArray(String[]::new));
      return true;
    } catch (EnvironmentException e) {
      return false;
    }
  }
}
