package dev.rallypoint.loadtest.lab;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Plays the whole life of two peers behind two real NATs against a real server, and prints a table
 * of what was seen. Exit code 0 only when every row passed; 1 when one did not, 2 when the lab
 * could not be built.
 */
@Command(
    name = "lab",
    mixinStandardHelpOptions = true,
    description = "Tests a server with simulated clients behind real NATs (needs root, ip, nft).")
public final class Lab implements Callable<Integer> {
  static final int PORT = 21116;
  static final int RELAY_PORT = 21117;

  @Option(
      names = "--rallypoint",
      paramLabel = "PATH",
      description = "The server's launcher. Default: ${DEFAULT-VALUE}",
      defaultValue = "node/target/rallypoint/bin/rallypoint")
  private Path launcher = Path.of("");

  @Option(
      names = "--megabytes",
      paramLabel = "N",
      description = "Megabytes each way over a relay. Default: ${DEFAULT-VALUE}",
      defaultValue = "100")
  private int megabytes;

  @Option(names = "--keep", description = "Leaves the namespaces, the data and the logs.")
  private boolean keep;

  @Option(names = "--list", description = "Only names the rows.")
  private boolean list;

  private final PrintStream out;
  private final Table table;
  private boolean passed;
  private boolean struck;

  private Lab(PrintStream out) {
    this.out = out;
    this.table = new Table(out);
  }

  /** The program. */
  public static void main(String[] args) {
    System.exit(execute(System.out, args));
  }

  /** Runs the program without ending the process; gives its exit code. */
  public static int execute(PrintStream out, String... args) {
    return new CommandLine(new Lab(out)).execute(args);
  }

  /** What is missing here to run the lab, in words; empty when nothing is. */
  public static Optional<String> missing() {
    if (!"0".equals(printed("id", "-u"))) {
      return Optional.of("the lab needs root, to make network namespaces");
    }
    if (!Program.works(List.of("ip", "netns", "list"))) {
      return Optional.of("the lab needs the command ip (package iproute2)");
    }
    if (!Program.works(List.of("nft", "--version"))) {
      return Optional.of("the lab needs the command nft (package nftables)");
    }
    return Optional.empty();
  }

  private static String printed(String... words) {
    try {
      return Program.run(words);
    } catch (LabException e) {
      return "";
    }
  }

  private static List<Step> steps() {
    return Stream.of(Arriving.steps(), Connecting.steps(), Refusing.steps())
        .flatMap(List::stream)
        .toList();
  }

  @Override
  public Integer call() throws IOException {
    if (list) {
      table.list(steps());
      return 0;
    }
    Optional<String> missing = missing();
    if (missing.isPresent()) {
      out.println(missing.get());
      return 2;
    }
    if (!Files.isExecutable(launcher)) {
      out.println("no launcher at " + launcher + ": build first, or name one with --rallypoint");
      return 2;
    }
    return play();
  }

  private int play() throws IOException {
    Path work = Files.createTempDirectory("rallypoint-lab-");
    Stage stage = Stage.in(work, launcher, megabytes * 1_000_000L);
    Thread atInterrupt = new Thread(() -> strike(stage, work), "lab-cleaner");
    Runtime.getRuntime().addShutdownHook(atInterrupt);
    try {
      out.println("network " + stage.network().prefix() + "-*, logs in " + work);
      stage.open();
      table.begin();
      for (Step step : steps()) {
        if (!stage.isClosed()) {
          table.play(step, stage);
        }
      }
      table.end();
      passed = table.allPassed() && !stage.isClosed();
      return passed ? 0 : 1;
    } catch (LabException e) {
      out.println(e.getMessage());
      return 2;
    } finally {
      strike(stage, work);
      release(atInterrupt);
    }
  }

  /** Takes everything down; on Ctrl-C beside the scenario that is being interrupted. */
  private synchronized void strike(Stage stage, Path work) {
    if (struck) {
      return;
    }
    struck = true;
    if (keep) {
      stage.endProcesses();
      out.println("kept: namespaces " + stage.network().prefix() + "-*, files in " + work);
      return;
    }
    stage.close();
    if (passed) {
      delete(work);
    } else {
      out.println("the logs are left in " + work);
    }
  }

  private static void release(Thread atInterrupt) {
    try {
      Runtime.getRuntime().removeShutdownHook(atInterrupt);
    } catch (IllegalStateException e) {
      // The process is ending already, by that very thread.
    }
  }

  private static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      System.err.println("could not delete " + folder + ": " + e.getMessage());
    }
  }
}
