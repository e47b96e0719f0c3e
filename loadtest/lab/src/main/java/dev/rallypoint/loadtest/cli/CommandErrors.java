package dev.rallypoint.loadtest.cli;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Creates the exception that ends a command with one line and exit code 2. */
public final class CommandErrors {
  private CommandErrors() {}

  /** An option has a value that cannot be used. */
  public static ParameterException wrongOption(@Nullable CommandSpec command, String message) {
    return new ParameterException(Objects.requireNonNull(command).commandLine(), message);
  }
}
