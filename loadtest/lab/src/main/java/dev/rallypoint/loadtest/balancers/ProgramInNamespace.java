package dev.rallypoint.loadtest.balancers;

import dev.rallypoint.loadtest.environment.EnvironmentException;
import dev.rallypoint.loadtest.environment.NetworkNamespaces;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A balancer's program, running in a network namespace. */
final class ProgramInNamespace implements AutoCloseable {
  private final Process process;

  private ProgramInNamespace(Process process) {
    this.process = process;
  }

  /**
   * Starts a program.
   *
   * @param log the file for its output
   */
  static ProgramInNamespace start(
      NetworkNamespaces namespaces,
      String label,
      Path log,
      Map<String, String> environment,
      List<String> command) {
    try {
      List<String> all = new ArrayList<>(namespaces.prefixCommand(label));
      all.addAll(command);
      ProcessBuilder builder =
          new ProcessBuilder(all).redirectErrorStream(true).redirectOutput(log.toFile());
      builder.environment().putAll(environment);
      return new ProgramInNamespace(builder.start());
    } catch (IOException e) {
      throw new EnvironmentException(command.getFirst() + " does not start: " + e.getMessage(), e);
    }
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Ends it by SIGTERM, and by SIGKILL when it does not end. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
