package dev.rallypoint.app.cli.manage;

import dev.rallypoint.config.SettingException;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Asks for a new password: twice at a terminal, else one line of standard input. */
public final class NewPassword {
  private NewPassword() {}

  /**
   * The password.
   *
   * @throws SettingException when there is none, or the two differ
   */
  public static String ask() {
    @Nullable Console console = System.console();
    return console != null && console.isTerminal() ? atTerminal(console) : line();
  }

  private static String atTerminal(Console console) {
    char @Nullable [] first = console.readPassword("password: ");
    char @Nullable [] second = console.readPassword("the same again: ");
    if (first == null || second == null || !Arrays.equals(first, second)) {
      throw new SettingException("password", "...", "write the same twice");
    }
    return new String(first);
  }

  private static String line() {
    try {
      @Nullable String line =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
      if (line == null || line.isEmpty()) {
        throw new SettingException(
            "password", "nothing", "write it at the terminal, or as one line of standard input");
      }
      return line;
    } catch (IOException e) {
      throw new SettingException("password", "...", "standard input cannot be read");
    }
  }
}
