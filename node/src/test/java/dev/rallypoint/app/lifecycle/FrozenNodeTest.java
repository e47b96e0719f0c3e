package dev.rallypoint.app.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.app.cli.Main;
import dev.rallypoint.testing.TestPostgres;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How a process ends while another node of its cluster takes connections and does not answer. */
class FrozenNodeTest {
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
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "serve",
                "--data",
                folder.resolve("node-" + number).toString(),
                "--bind",
                network + number,
                "--set",
                "db-url=" + database)
            .redirectErrorStream(true)
            .start();
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
    assertThat(new ProcessBuilder("kill", "-STOP", "" + frozen.pid()).start().waitFor()).isZero();

    ending.toHandle().destroy();

    String output = new String(ending.getInputStream().readAllBytes());
    assertThat(ending.waitFor()).as(output).isZero();
  }
}
