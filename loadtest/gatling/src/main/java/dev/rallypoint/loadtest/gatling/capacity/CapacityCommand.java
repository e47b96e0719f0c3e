package dev.rallypoint.loadtest.gatling.capacity;

import dev.rallypoint.loadtest.cli.LauncherOption;
import dev.rallypoint.loadtest.environment.EnvironmentException;
import dev.rallypoint.loadtest.gatling.dsl.RendezvousProtocolBuilder;
import dev.rallypoint.loadtest.gatling.link.ServerAddress;
import dev.rallypoint.loadtest.gatling.link.SourceAddresses;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Finds the highest rates of servers and prints them as a table. */
@Command(
    name = "loadtest capacity",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Finds the highest rate at which the p99 and the loss stay within limits: doubles the rate",
      "until it fails, then bisects. Prints a Markdown table; progress goes to the standard error.",
      "Without --target a node is started on loopback, with a database in a temporary folder."
    },
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:each load has a rate, or its server is not given",
      "1:a failure of the program",
      "2:the command line is wrong, or a server does not start",
      "3:a load has no rate that holds"
    })
public final class CapacityCommand implements Callable<Integer> {
  private static final int NONE_HELD = 3;
  private static final int NOT_MEASURED = 2;
  private static final int ID_SERVER = 21116;
  private static final String FIRST_SOURCE = "127.60.0.1";
  private static final int SOURCES = 60_000;
  private static final int BASE = 36;
  private static final int FIVE_DIGITS = BASE * BASE * BASE * BASE;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--load",
      split = ",",
      paramLabel = "LOAD",
      description = "${COMPLETION-CANDIDATES}; default all.")
  private List<Load> loads = List.of();

  @Option(
      names = "--target",
      paramLabel = "HOST[:PORT]",
      description = "A server that runs; its relay is on the port after the ID server's.")
  private Optional<String> target = Optional.empty();

  @Option(names = "--key", paramLabel = "KEY", description = "The key of the target.")
  private String key = "";

  @Option(
      names = "--public-target",
      description = "Allows a target that is neither loopback nor private.")
  private boolean isPublicAllowed;

  @Option(
      names = "--sources",
      paramLabel = "FIRST/COUNT",
      description =
          "Own addresses, such as 10.0.8.1/200; default many of 127.0.0.0/8 for a target on "
              + "loopback, else what the system chooses.")
  private Optional<String> sources = Optional.empty();

  @Option(names = "--hbbs", paramLabel = "PATH", description = "Measures this hbbs too.")
  private Optional<Path> hbbs = Optional.empty();

  @Option(names = "--hbbr", paramLabel = "PATH", description = "Measures this hbbr too.")
  private Optional<Path> hbbr = Optional.empty();

  @Option(names = "--no-node", description = "Starts no node of Rallypoint.")
  private boolean noNode;

  @Mixin private LauncherOption launcher = new LauncherOption();

  @Mixin private CapacityOptions options = new CapacityOptions();

  private CapacityCommand() {}

  /** Runs and ends the JVM. */
  public static void main(String[] arguments) {
    if (System.getProperty("logback.configurationFile") == null) {
      System.setProperty("logback.configurationFile", "rallypoint-load-logback.xml");
    }
    System.exit(execute(arguments));
  }

  /** Runs and returns the exit code. */
  static int execute(String... arguments) {
    return new CommandLine(new CapacityCommand())
        .setUsageHelpWidth(100)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .execute(arguments);
  }

  private interface Starter {
    ServerUnderTest start() throws IOException, InterruptedException;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    try {
      CapacityRun.Plan plan = options.plan();
      List<Finding> findings = new ArrayList<>();
      boolean hasRates = true;
      for (Starter starter : starters()) {
        try (ServerUnderTest server = starter.start()) {
          hasRates &= measure(server, plan, findings);
        }
      }
      print(findings);
      return hasRates ? 0 : NONE_HELD;
    } catch (IllegalArgumentException | EnvironmentException e) {
      say(String.valueOf(e.getMessage()));
      return NOT_MEASURED;
    }
  }

  private List<Starter> starters() throws IOException {
    List<Starter> starters = new ArrayList<>();
    if (target.isPresent()) {
      ServerUnderTest given = given(target.get());
      starters.add(() -> given);
    } else if (!noNode) {
      Path path = launcher.path();
      starters.add(() -> LocalNode.start(path));
    }
    for (Optional<Path> program : List.of(hbbs, hbbr)) {
      if (program.isPresent() && !Files.isExecutable(program.get())) {
        throw new IllegalArgumentException("no program at " + program.get());
      }
    }
    if (hbbs.isPresent() || hbbr.isPresent()) {
      starters.add(() -> HbbsServers.start(hbbs, hbbr));
    }
    if (starters.isEmpty()) {
      throw new IllegalArgumentException("--no-node needs --target, --hbbs or --hbbr");
    }
    return starters;
  }

  private ServerUnderTest given(String text) {
    int colon = text.lastIndexOf(':');
    boolean hasPort = colon > 0 && text.indexOf(':') == colon;
    String host = hasPort ? text.substring(0, colon) : text;
    int port = hasPort ? Integer.parseInt(text.substring(colon + 1)) : ID_SERVER;
    try {
      InetAddress ip = InetAddress.getByName(host);
      if (!isPublicAllowed && !RendezvousProtocolBuilder.isOwnNetwork(ip)) {
        throw new IllegalArgumentException(
            host + " is neither loopback nor private: load on it needs --public-target");
      }
      return new GivenServer(text, new ServerAddress(ip, port, port + 1), key);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("no such server: " + host, e);
    }
  }

  private boolean measure(ServerUnderTest server, CapacityRun.Plan plan, List<Finding> findings)
      throws IOException, InterruptedException {
    Set<Load> chosen = loads.isEmpty() ? EnumSet.allOf(Load.class) : EnumSet.copyOf(loads);
    CapacityRun run = new CapacityRun(server, plan, this::say);
    boolean hasRates = true;
    for (Load load : chosen) {
      Finding finding = run.measure(load, sources(server), newPrefix());
      findings.add(finding);
      hasRates &= finding.best().isPresent() || server.lacks(load).isPresent();
    }
    return hasRates;
  }

  private SourceAddresses sources(ServerUnderTest server) {
    if (sources.isEmpty()) {
      return server.address().host().isLoopbackAddress()
          ? SourceAddresses.from(FIRST_SOURCE, SOURCES)
          : SourceAddresses.SYSTEM;
    }
    String[] parts = sources.get().split("/", 2);
    if (parts.length != 2) {
      throw new IllegalArgumentException("--sources: FIRST/COUNT, not " + sources.get());
    }
    return SourceAddresses.from(parts[0], Integer.parseInt(parts[1]));
  }

  /** Ids of one run are new to a server that has seen earlier ones. */
  private static String newPrefix() {
    int number = ThreadLocalRandom.current().nextInt(FIVE_DIGITS, FIVE_DIGITS * BASE);
    return "c" + Integer.toString(number, BASE) + "-";
  }

  private void say(String line) {
    spec.commandLine().getErr().println(line);
  }

  private void print(List<Finding> findings) {
    var out = spec.commandLine().getOut();
    out.println(
        "%s, %d processors, Java %s; %s"
            .formatted(
                LocalDate.now(ZoneOffset.UTC),
                Runtime.getRuntime().availableProcessors(),
                Runtime.version().feature(),
                options.conditions()));
    out.println();
    CapacityTable.lines(findings).forEach(out::println);
    out.flush();
  }
}
