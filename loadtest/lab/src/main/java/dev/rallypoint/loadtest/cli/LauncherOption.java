package dev.rallypoint.loadtest.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The option that names the server to test. */
public final class LauncherOption {
  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec command;

  @Option(
      names = {"--launcher", "--rallypoint"},
      paramLabel = "PATH",
      defaultValue = "${sys:rallypoint.launcher:-node/target/rallypoint/bin/rallypoint}",
      description = "The launcher of the server to test. Default: ${DEFAULT-VALUE}")
  private Path path = Path.of("");

  /**
   * The launcher.
   *
   * @throws ParameterException when the file cannot be executed
   */
  public Path path() {
    if (!Files.isExecutable(path)) {
      throw CommandErrors.wrongOption(
          command, "no launcher at " + path + ": build it with 'mvn -DskipTests package'");
    }
    return path;
  }
}
