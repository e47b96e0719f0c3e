package dev.rallypoint.loadtest.lab;

import dev.rallypoint.loadtest.machine.Namespaces;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
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

  private Lab(PrintStream out) {
    this.out = out;
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
    return Namespaces.missing();
  }

  /** The rows, in their order; later ones build on what earlier ones registered. */
  static List<Step> steps() {
    return Stream.of(Arriving.steps(), Connecting.steps(), Refusing.steps())
        .flatMap(List::stream)
        .toList();
  }

  @Override
  public Integer call() throws IOException {
    if (list) {
      new Table(out).list(Table.numbered(steps()));
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
    return new Performance(out, stage, work, keep).play(Table.numbered(steps()));
  }
}
