package dev.rallypoint.loadtest.benchmark.registrations;

import dev.rallypoint.loadtest.benchmark.registrations.FleetRun.Load;
import dev.rallypoint.loadtest.benchmark.registrations.FleetRun.Outcome;
import dev.rallypoint.loadtest.cli.LauncherOption;
import dev.rallypoint.loadtest.environment.CpuTime;
import dev.rallypoint.loadtest.environment.FreePorts;
import dev.rallypoint.loadtest.environment.NodeProcess;
import dev.rallypoint.loadtest.environment.TemporaryFolder;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Trial command. */
@Command(name = "bench-return", sortOptions = false)
public final class ReturnCommand implements Callable<Integer> {
  @Mixin private LauncherOption launcher = new LauncherOption();

  @Option(names = "--devices", defaultValue = "100000")
  private int devices;

  @Option(names = "--new")
  private boolean isNew;

  @Option(names = "--rate", defaultValue = "100000")
  private int rate;

  @Option(names = "--in-flight", defaultValue = "100000000")
  private int inFlight;

  @Option(names = "--seconds", defaultValue = "60")
  private int seconds;

  @Option(names = "--database")
  private Path database = Path.of("fleet.sqlite3");

  @Option(names = "--db-url", defaultValue = "")
  private String url = "";

  private final PrintStream out;

  public ReturnCommand(PrintStream out) {
    this.out = out;
  }

  @Override
  public Integer call() throws IOException {
    Path folder = TemporaryFolder.create("return");
    int port = FreePorts.first(8) + 2;
    Path data = Files.createDirectories(folder.resolve("node"));
    Fleet fleet = new Fleet(0);
    if (!isNew) {
      if (!Files.exists(database)) {
        StoredFleet.create(database, fleet, devices);
      }
      dev.rallypoint.loadtest.environment.ExternalCommand.run(
          launcher.path().toString(), "keys", "generate", "--data", data.toString());
      Files.copy(database, data.resolve(StoredFleet.FILE));
    }
    List<String> settings =
        new java.util.ArrayList<>(
            List.of(
                "port=" + port,
                "bind=127.0.0.1",
                "new-ids-per-second=1000000",
                "new-ids-burst=1000000",
                "new-ids-per-day=100000000"));
    if (!url.isEmpty()) {
      settings.add("db-url=" + url);
    }
    try (NodeProcess node =
            NodeProcess.start(
                new NodeProcess.Start(
                    List.of(),
                    launcher.path(),
                    data,
                    settings,
                    Map.of(),
                    folder.resolve("node.log")));
        ManyAddresses socket = new ManyAddresses(port)) {
      node.awaitKey();
      double cpu = CpuTime.of(node.pid());
      double own = CpuTime.ofThisProcess();
      if (isNew) {
        int first = 0;
        for (int window : List.of(256, inFlight, inFlight, 4 * inFlight, 16 * inFlight, inFlight)) {
          cpu = CpuTime.of(node.pid());
          own = CpuTime.ofThisProcess();
          Outcome outcome =
              FleetRun.run(
                  socket,
                  new Fleet(first),
                  new Load(1_000_000, true, rate, window, Duration.ofSeconds(seconds)));
          first += 1_000_000;
          out.printf(
              "in flight %d: %.0f/s, repeated %d, refused %d, CPU node %.1f own %.1f %s%n",
              window,
              outcome.registered() / outcome.seconds(),
              outcome.repeated(),
              outcome.refused(),
              CpuTime.of(node.pid()) - cpu,
              CpuTime.ofThisProcess() - own,
              outcome.perSecond());
        }
      } else {
        Outcome outcome =
            FleetRun.run(
                socket,
                fleet,
                new Load(devices, isNew, rate, inFlight, Duration.ofSeconds(seconds)));
        out.println(outcome);
      }
      out.printf(
          "CPU node %.1f generator %.1f%n",
          CpuTime.of(node.pid()) - cpu, CpuTime.ofThisProcess() - own);
      NodeCounters.read(port + 4)
          .forEach((name, value) -> {
            if (name.contains("_total") || name.contains("peers")) {
              out.println("  " + name + " " + value);
            }
          });
      if (System.getenv("JAVA_OPTS") != null) {
        node.stop(60);
      }
    } finally {
      if (isNew && url.isEmpty()) {
        out.println("rows " + StoredFleet.count(data.resolve(StoredFleet.FILE)));
      }
      TemporaryFolder.delete(folder);
    }
    return 0;
  }
}
