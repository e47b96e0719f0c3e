package dev.rallypoint.loadtest.machine;

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

/** A node under test, started by its launcher in a namespace. */
public final class NodeProcess implements AutoCloseable {
  /** The ID server's port. */
  public static final int PORT = 21116;

  /** The relay's port. */
  public static final int RELAY_PORT = 21117;

  private static final Pattern READY = Pattern.compile("ready id=(\\d+) relay=(\\d+) key=(\\S+)");
  private static final long START_SECONDS = 90;

  private final Process process;
  private final Path log;
  private final CompletableFuture<String> key;

  private NodeProcess(Process process, Path log, CompletableFuture<String> key) {
    this.process = process;
    this.log = log;
    this.key = key;
  }

  /**
   * Starts it, without waiting; what it prints goes to a log file as well.
   *
   * @param settings written as {@code --set name=value}
   * @param environment more of it, such as DB_URL
   */
  public static NodeProcess start(
      List<String> inside,
      Path launcher,
      Path data,
      List<String> settings,
      Map<String, String> environment,
      Path log) {
    List<String> words = new ArrayList<>(inside);
    words.add(launcher.toAbsolutePath().toString());
    words.addAll(List.of("serve", "-p", String.valueOf(PORT)));
    words.addAll(List.of("--relay-port", String.valueOf(RELAY_PORT)));
    words.addAll(List.of("--data", data.toString()));
    settings.forEach(setting -> words.addAll(List.of("--set", setting)));
    try {
      ProcessBuilder builder =
          new ProcessBuilder(words)
              .directory(data.toFile())
              .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
      builder.environment().putAll(environment);
      Process process = builder.start();
      CompletableFuture<String> key = new CompletableFuture<>();
      // A thread of its own: reading from a process holds the carrier of a virtual one.
      Thread.ofPlatform().daemon().name("server-output").start(() -> follow(process, log, key));
      return new NodeProcess(process, log, key);
    } catch (IOException e) {
      throw new LabException("the server does not start: " + e.getMessage(), e);
    }
  }

  /** The public key of its ready line; waits for that line. */
  public String key() {
    try {
      return key.get(START_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new LabException("no ready line, see " + log + ", which ends: " + lastWords(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted", e);
    }
  }

  private String lastWords() {
    try {
      return Files.readAllLines(log).getLast();
    } catch (IOException | NoSuchElementException e) {
      return "(nothing)";
    }
  }

  /** Whether its ready line has come. */
  public boolean isReady() {
    return key.isDone() && !key.isCompletedExceptionally();
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
  public int stop(long seconds) {
    process.destroy();
    try {
      if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
        throw new LabException("the server did not end within %d s of SIGTERM".formatted(seconds));
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LabException("interrupted", e);
    }
  }

  /** Its exit code, once it has ended by itself or not. */
  public CompletableFuture<Integer> ended() {
    return process.onExit().thenApply(Process::exitValue);
  }

  /** Whether it runs. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** Ends it at once by SIGKILL, with whatever it started. */
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
