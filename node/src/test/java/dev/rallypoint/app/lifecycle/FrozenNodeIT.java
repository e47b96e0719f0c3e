package dev.rallypoint.app.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.rallypoint.store.SharedDatabase;
import dev.rallypoint.testing.TestPostgres;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How a process ends while another node of its cluster is frozen, or after it was frozen itself.
 */
class FrozenNodeIT {
  @TempDir Path folder;

  private final String database = TestPostgres.database();
  private final String network =
      "127.%d.%d."
          .formatted(
              ThreadLocalRandom.current().nextInt(1, 255),
              ThreadLocalRandom.current().nextInt(255));
  private final List<Process> processes = new ArrayList<>();

  @AfterEach
  void end() {
    processes.forEach(Process::destroyForcibly);
  }

  /** Starts a node of the cluster and returns when it is ready. */
  private Process started(int number) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of("target/rallypoint/bin/rallypoint").toAbsolutePath().toString(),
            "serve",
            "--data",
            folder.resolve("node-" + number).toString(),
            "--bind",
            network + number,
            "--set",
            "db-url=" + database);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().remove("RALLYPOINT_LAB"); // of the tests, not a setting
    Process process = builder.redirectErrorStream(true).start();
    processes.add(process);
    BufferedReader out = process.inputReader();
    StringBuilder lines = new StringBuilder();
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      lines.append(line).append('\n');
      if (line.startsWith("ready ")) {
        return process;
      }
    }
    throw new AssertionError(lines);
  }

  @Test
  void endsWith0AfterSigterm() throws Exception {
    Process frozen = started(1);
    Process ending = started(2);
    signal("STOP", frozen);

    ending.toHandle().destroy();

    String output = new String(ending.getInputStream().readAllBytes());
    assertThat(ending.waitFor()).as(output).isZero();
  }

  private static void signal(String name, Process process) throws Exception {
    assertThat(new ProcessBuilder("kill", "-" + name, "" + process.pid()).start().waitFor())
        .isZero();
  }

  private int members() {
    try (SharedDatabase shared = SharedDatabase.open(TestPostgres.settings(database))) {
      return shared
          .jdbi()
          .withHandle(handle ->
              handle.createQuery("select count(*) from cluster_member").mapTo(Integer.class).one());
    }
  }

  @Test
  void endsAsSoonAsItRunsAgainWhenTheOthersRemovedItMeanwhile() throws Exception {
    started(1);
    started(2);
    Process frozen = started(3);
    await().until(() -> members() == 3);
    signal("STOP", frozen);
    await().atMost(Duration.ofMinutes(2)).until(() -> members() == 2);

    signal("CONT", frozen);

    String output = new String(frozen.getInputStream().readAllBytes());
    assertThat(frozen.waitFor()).as(output).isOne();
    assertThat(output).contains("the other nodes removed this one while it stood still for ");
  }
}
