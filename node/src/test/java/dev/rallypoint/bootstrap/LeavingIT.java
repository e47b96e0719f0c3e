package dev.rallypoint.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rallypoint.testing.TestPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged program: two processes, and what a signal to one of them does to the other. */
class LeavingIT {
  private static final Path PROGRAM = Path.of("target/rallypoint/bin/rallypoint").toAbsolutePath();
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  @TempDir Path folder;

  private final String url = TestPostgres.database();
  private final String network = "127.77." + ThreadLocalRandom.current().nextInt(255) + ".";
  private final int port = ThreadLocalRandom.current().nextInt(34_000, 35_000);
  private final List<Process> processes = new ArrayList<>();

  @AfterEach
  void end() {
    processes.forEach(Process::destroyForcibly);
  }

  private Process start(int number) throws IOException {
    Process process = startAt(number, url);
    await().atMost(PATIENCE).until(() -> text(number, "out").contains("ready id=" + port));
    return process;
  }

  private Process startAt(int number, String database) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            PROGRAM.toString(), "serve", "-p", "" + port, "--cluster-port", "" + (port + 10));
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("DB_URL", database);
    builder.environment().put("RALLYPOINT_DRAIN_WINDOW", "4s");
    Process process =
        builder
            .command(with(builder.command(), "--data", file(number, "data").toString()))
            .command(with(builder.command(), "--bind", network + number))
            .redirectOutput(file(number, "out").toFile())
            .redirectError(file(number, "err").toFile())
            .start();
    processes.add(process);
    return process;
  }

  private static List<String> with(List<String> command, String... more) {
    List<String> longer = new ArrayList<>(command);
    longer.addAll(List.of(more));
    return longer;
  }

  private Path file(int number, String what) {
    return folder.resolve(what + number);
  }

  private String text(int number, String what) {
    try {
      return Files.exists(file(number, what)) ? Files.readString(file(number, what)) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void isTakenForLeavingAndNotForLost() throws Exception {
    Process first = start(1);
    Process second = start(2);
    first.destroy();
    assertThat(first.waitFor()).isZero();
    // Had it been taken for lost, the other would have begun to wait for a decision.
    second.destroy();
    assertThat(second.waitFor()).isZero();
    assertThat(text(2, "err")).doesNotContain("UNREACHABLE", "Coordinator was unable");
  }

  @Test
  void endsInOrderWhileItWaitsForTheDatabase() throws Exception {
    Process process = startAt(1, "postgresql://me:s3cret@127.0.0.1:" + (port + 20) + "/x");
    await().atMost(PATIENCE).until(() -> text(1, "err").contains("waiting for postgresql"));
    process.destroy();
    assertThat(process.waitFor()).isZero();
    assertThat(text(1, "err")).doesNotContain("rallypoint: ", "s3cret");
  }
}
