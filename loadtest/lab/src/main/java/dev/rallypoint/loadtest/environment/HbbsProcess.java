package dev.rallypoint.loadtest.environment;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** RustDesk's ID server or relay as a process, started from its program. */
public final class HbbsProcess implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(20);
  private static final long END_SECONDS = 10;
  private static final String PUBLIC_KEY = "id_ed25519.pub";

  private final Process process;
  private final Path folder;

  private HbbsProcess(Process process, Path folder) {
    this.process = process;
    this.folder = folder;
  }

  /**
   * Starts a program and waits until it listens.
   *
   * @param folder its working directory, where it finds or makes its key
   * @param port the port that it is given by {@code -p}
   * @param environment more environment variables
   * @throws EnvironmentException when it does not listen within 20 s
   */
  public static HbbsProcess start(
      Path program, Path folder, int port, Map<String, String> environment)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(program.toAbsolutePath().toString(), "-p", Integer.toString(port))
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve(program.getFileName() + ".log").toFile());
    builder.environment().putAll(environment);
    HbbsProcess started = new HbbsProcess(builder.start(), folder);
    long deadline = System.nanoTime() + START.toNanos();
    while (!listens(port)) {
      if (!started.process.isAlive() || System.nanoTime() - deadline > 0) {
        started.close();
        throw new EnvironmentException(
            "%s does not listen on port %d within %d s"
                .formatted(program, port, START.toSeconds()));
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
    return started;
  }

  private static boolean listens(int port) {
    try (Socket probe = new Socket()) {
      probe.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1_000);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** The public key in the folder; empty when there is none. */
  public String key() {
    try {
      return Files.readString(folder.resolve(PUBLIC_KEY)).strip();
    } catch (IOException e) {
      return "";
    }
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
      process.waitFor(END_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
