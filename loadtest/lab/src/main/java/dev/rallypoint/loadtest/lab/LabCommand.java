package dev.rallypoint.loadtest.lab;

import dev.rallypoint.loadtest.environment.TemporaryFolder;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The command {@code lab}: runs all scenarios of two peers behind NATs against one server. */
@Command(
    name = "lab",
    sortOptions = false,
    header = "Tests one server with simulated clients behind real NATs.",
    description = {
      "Builds network namespaces with NAT routers, starts the server and the clients in them, and",
      "prints one row for each scenario. Needs root, ip and nft. See docs/lab.md."
    })
public final class LabCommand implements Callable<Integer> {
  @Mixin private LabOptions options = new LabOptions();

  private final PrintStream out;

  /**
   * @param out gets the table of results
   */
  public LabCommand(PrintStream out) {
    this.out = out;
  }

  /** The scenarios in their order; later ones need the peers that earlier ones registered. */
  static List<Scenario> scenarios() {
    return Stream.of(RegistrationScenarios.all(), ConnectScenarios.all(), RefusalScenarios.all())
        .flatMap(List::stream)
        .toList();
  }

  @Override
  public Integer call() throws IOException {
    if (options.list()) {
      return options.list(out, scenarios());
    }
    Path launcher = options.launcher();
    Path work = TemporaryFolder.create("lab");
    Path data = Files.createDirectories(work.resolve("data"));
    Deployment server = new SingleServerDeployment(launcher, data, work.resolve("server.log"));
    return options.run(out, server, work, scenarios());
  }
}
