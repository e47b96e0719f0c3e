package dev.rallypoint.proxies;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rallypoint.testing.Installed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A proxy of the machine's own packages as a process, with a file of {@code docker/proxies}. Where
 * the package is missing its tests are skipped with the reason, unless the environment says {@code
 * RALLYPOINT_LAB=required}: then they fail.
 */
final class RealProxy implements AutoCloseable {
  private final Process process;
  private final Path log;

  private RealProxy(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /** The program's path; a test without it ends here. */
  static Path program(String name) {
    return Installed.program(name);
  }

  /** The text of one of the examples. */
  static String example(String file) {
    try {
      return Files.readString(Path.of("..", "docker", "proxies", file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A text with each of some parts put in place of; each must be there. */
  static String with(String text, Map<String, String> changes) {
    String changed = text;
    for (Map.Entry<String, String> change : changes.entrySet()) {
      assertThat(text).contains(change.getKey());
      changed = changed.replace(change.getKey(), change.getValue());
    }
    return changed;
  }

  /** Ports of loopback that were free a moment ago. */
  static List<Integer> freePorts(int count) {
    List<ServerSocket> held = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        held.add(new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1")));
      }
      return held.stream().map(ServerSocket::getLocalPort).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      held.forEach(RealProxy::closeQuietly);
    }
  }

  /** Starts it in the foreground and waits until it answers on a port. */
  static RealProxy start(Path folder, Map<String, String> environment, int port, String... words) {
    try {
      Path log = folder.resolve("proxy.log");
      ProcessBuilder builder =
          new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(log.toFile());
      builder.environment().remove("RALLYPOINT_LAB"); // of the tests, not a setting
      builder.environment().putAll(environment);
      RealProxy proxy = new RealProxy(builder.start(), log);
      await().until(() -> !proxy.process.isAlive() || isAnswering(port));
      if (!proxy.process.isAlive()) {
        throw new AssertionError("it does not run: " + Files.readString(log));
      }
      return proxy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isAnswering(int port) {
    try (Socket probe = new Socket(InetAddress.ofLiteral("127.0.0.1"), port)) {
      return probe.isConnected();
    } catch (IOException notYet) {
      return false;
    }
  }

  private static void closeQuietly(ServerSocket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    Stream.concat(process.descendants(), Stream.of(process.toHandle()))
        .forEach(ProcessHandle::destroy);
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new AssertionError("it does not end: " + Files.readString(log));
      }
    } catch (InterruptedException | IOException e) {
      throw new AssertionError(e);
    }
  }
}
