package dev.rallypoint.loadtest.environment;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A Rallypoint node as a process of its own, started by its launcher. */
public final class NodeProcess implements AutoCloseable {
  /** The default port of the ID server. */
  public static final int PORT = 21116;

  /** The default port of the relay. */
  public static final int RELAY_PORT = 21117;

  private static final Pattern READY = Pattern.compile("ready id=(\\d+) relay=(\\d+) key=(\\S+)");
  private static final long START_SECONDS = 90;

  private final Process process;
  private final Path log;
  private final CompletableFuture<String> key = new CompletableFuture<>();

  private NodeProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /**
   * How to start a node.
   *
   * @param prefix the command that runs the launcher in a namespace; empty for none
   * @param launcher bin/rallypoint
   * @param data the data folder, which is also the working directory
   * @param settings {@code name=value}
   * @param environment more environment variables, such as DB_URL
   * @param log the file to append the output to
   */
  public record Start(
      List<String> prefix,
      Path launcher,
      Path data,
      List<String> settings,
      Map<String, String> environment,
      Path log) {
    private List<String> command() {
      List<String> command = new ArrayList<>(prefix);
      command.addAll(List.of(launcher.toAbsolutePath().toString(), "serve"));
      command.addAll(List.of("--data", data.toString()));
      settings.forEach(setting -> command.addAll(List.of("--set", setting)));
      return command;
    }
  }

  /** Starts a node without waiting for its ready line. */
  public static NodeProcess start(Start start) {
    try {
      ProcessBuilder builder =
          new ProcessBuilder(start.command())
              .directory(start.data().toFile())
              .redirectError(ProcessBuilder.Redirect.appendTo(start.log().toFile()));
      builder.environment().putAll(start.environment());
      NodeProcess node = new NodeProcess(builder.start(), start.log());
      // A platform thread: reading from a process blocks the carrier of a virtual thread.
      Thread.ofPlatform().daemon().name("node-output").start(node::readOutput);
      return node;
    } catch (IOException e) {
      throw new EnvironmentException("the node does not start: " + e.getMessage(), e);
    }
  }

  private void readOutput() {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
        PrintWriter copy =
            new PrintWriter(
                Files.newBufferedWriter(
                    log, StandardOpenOption.CREATE, StandardOpenOption.APPEND))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        copy.println(line);
        copy.flush();
        Matcher ready = READY.matcher(line);
        if (ready.find()) {
          key.complete(ready.group(3));
        }
      }
      key.completeExceptionally(new EnvironmentException("the node ended"));
    } catch (IOException e) {
      key.completeExceptionally(e);
    }
  }

  /** Waits for the ready line and returns the public key in it. */
  public String awaitKey() {
    try {
      return key.get(START_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new EnvironmentException(
          "no ready line in " + log + ", whose last line is: " + lastLine(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EnvironmentException("interrupted", e);
    }
  }

  private String lastLine() {
    try {
      return Files.readAllLines(log).getLast();
    } catch (IOException | NoSuchElementException e) {
      return "(none)";
    }
  }

  /** Whether the ready line has been printed. */
  public boolean isReady() {
    return key.isDone() && !key.isCompletedExceptionally();
  }

  /**
   * Sends SIGTERM and waits for the end of the process.
   *
   * @return the exit code
   * @throws EnvironmentException when the process does not end in time
   */
  public int stop(long seconds) {
    process.destroy();
    try {
      if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
        throw new EnvironmentException(
            "the node did not end within %d s after SIGTERM".formatted(seconds));
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EnvironmentException("interrupted", e);
    }
  }

  /** Completes with the exit code when the process ends. */
  public CompletableFuture<Integer> exitCode() {
    return process.onExit().thenApply(Process::exitValue);
  }

  /** Whether the process runs. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** The id of the process. */
  public long pid() {
    return process.pid();
  }

  /** Ends the process and its children by SIGKILL. */
  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
    try {
      process.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
