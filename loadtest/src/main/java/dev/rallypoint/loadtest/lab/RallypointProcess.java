package dev.rallypoint.loadtest.lab;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The server under test, started by its launcher in its namespace. */
final class RallypointProcess implements AutoCloseable {
  private static final Pattern READY = Pattern.compile("ready id=(\\d+) relay=(\\d+) key=(\\S+)");
  private static final long START_SECONDS = 90;
  private static final long STOP_SECONDS = 30;

  private final Process process;
  private final Path log;
  private final CompletableFuture<String> key;

  private RallypointProcess(Process process, Path log, CompletableFuture<String> key) {
    this.process = process;
    this.log = log;
    this.key = key;
  }

  /** Starts it, without waiting; what it prints goes to a log file as well. */
  static RallypointProcess start(Network network, Path launcher, Path data, Path log) {
    List<String> words = new ArrayList<>(network.inside("server"));
    words.add(launcher.toAbsolutePath().toString());
    words.addAll(List.of("serve", "-p", String.valueOf(Lab.PORT)));
    words.addAll(List.of("--relay-port", String.valueOf(Lab.RELAY_PORT)));
    words.addAll(List.of("--data", data.toString()));
    try {
      Process process =
          new ProcessBuilder(words)
              .directory(data.toFile())
              .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start();
      CompletableFuture<String> key = new CompletableFuture<>();
      Thread.ofVirtual().name("server-output").start(() -> follow(process, log, key));
      return new RallypointProcess(process, log, key);
    } catch (IOException e) {
      throw new LabException("the server does not start: " + e.getMessage(), e);
    }
  }

  /** The public key of its ready line; waits for that line. */
  String key() {
    try {
      return key.get(START_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new LabException("the server printed no ready line, see " + log, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted", e);
    }
  }

  private static void follow(Process process, Path log, CompletableFuture<String> key) {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
        PrintWriter copy =
            new PrintWriter(
                Files.newBufferedWriter(
                    log, StandardOpenOption.CREATE, StandardOpenOption.APPEND))) {
      String line = lines.readLine();
      while (line != null) {
        copy.println(line);
        copy.flush();
        Matcher ready = READY.matcher(line);
        if (ready.find()) {
          key.complete(ready.group(3));
        }
        line = lines.readLine();
      }
      key.completeExceptionally(new LabException("it ended"));
    } catch (IOException e) {
      key.completeExceptionally(e);
    }
  }

  /**
   * Sends SIGTERM and waits.
   *
   * @return its exit code
   */
  int stop() {
    process.destroy();
    try {
      if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
        throw new LabException("the server did not end within 30 s of SIGTERM");
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted", e);
    }
  }

  /** Ends it at once, with whatever it started. */
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
