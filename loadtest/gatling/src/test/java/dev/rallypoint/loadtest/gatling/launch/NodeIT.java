package dev.rallypoint.loadtest.gatling.launch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.loadtest.environment.FreePorts;
import dev.rallypoint.loadtest.environment.NodeProcess;
import dev.rallypoint.loadtest.gatling.simulation.EveryWaySimulation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs against the packaged node. */
class NodeIT {
  private static final Path LAUNCHER = Path.of("../../node/target/rallypoint/bin/rallypoint");
  private static final int PORTS = 5;

  @TempDir private Path folder;

  @Test
  void eachStepWorksOverEachOfItsWays() throws IOException {
    int first = FreePorts.first(PORTS);
    Path data = Files.createDirectory(folder.resolve("data"));
    NodeProcess.Start start =
        new NodeProcess.Start(
            List.of(),
            LAUNCHER,
            data,
            List.of("port=" + (first + 1), "management-port=0", "api-port=0"),
            Map.of(),
            folder.resolve("node.log"));
    try (NodeProcess node = NodeProcess.start(start)) {
      System.setProperty("test.key", node.awaitKey());
      System.setProperty("test.port", Integer.toString(first + 1));

      Launcher.Run run =
          new Launcher(folder.resolve("results"), true).run(EveryWaySimulation.class);

      assertThat(run.result().requests())
          .allSatisfy((name, requests) -> assertThat(requests.reasons()).isEmpty());
      assertThat(run.exitCode()).isEqualTo(ExitCode.OK);
      assertThat(run.folder().resolve("index.html")).exists();
    }
  }
}
