package dev.rallypoint.app.cli.doctor;

import dev.rallypoint.app.doctor.Diagnosis;
import dev.rallypoint.app.doctor.client.ClientDoctor;
import dev.rallypoint.app.doctor.client.ServerName;
import dev.rallypoint.app.doctor.client.ServerName.WebPorts;
import dev.rallypoint.app.doctor.server.ServerDoctor;
import dev.rallypoint.config.LoadedSettings;
import dev.rallypoint.time.Ticker;
import dev.rallypoint.time.WallClock;
import java.io.PrintWriter;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says what is wrong with a server, from a client's place or on its own machine. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    header = "Find out why clients cannot connect, from outside or on the server.",
    description = {
      "",
      "With HOST: asks that server all that a client needs of it, from this machine, and the relay",
      "that it names; talks to nobody else. It registers an id of its own for the run, connects to",
      "it, and sends 8 MiB through the relay. hbbs and hbbr can be asked too.",
      "Without HOST: looks at this machine with the settings of 'serve'; run it as the node's user.",
      "",
      "Each line is a check: ok, note, warning or fault, with what was seen and what to do.",
      ""
    },
    footer = {
      "",
      "Exit codes: 0 nothing wrong, 1 a fault, 3 warnings only, 2 wrong words on the command line.",
      "",
      "For example:",
      "  bin/rallypoint doctor rd.example.org OeVuKk5nlHiXp+APNn0Y3pC1Iwpwn44JGqrQCsWqmBw=",
      "  bin/rallypoint doctor --data /var/lib/rallypoint",
      "",
      "docs/doctor.md tells each check, and begins with: why can this client not connect?"
    })
public final class DoctorCommand implements Callable<Integer> {
  private static final int AFTER_FLAGS_OF_SERVE = 100;

  private final PrintWriter out;
  private final Function<CommandSpec, LoadedSettings> settings;
  private final WallClock clock;

  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "HOST",
      description = "ID server as clients have it: a name or an ip, with :PORT if not 21116.")
  private @Nullable String host;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "KEY",
      description = "Key as clients have it.")
  private @Nullable String key;

  @Option(
      names = "--json",
      order = AFTER_FLAGS_OF_SERVE,
      description = "Print JSON instead of a table.")
  private boolean isJson;

  @Option(
      names = "--wss-port",
      paramLabel = "PORT",
      order = AFTER_FLAGS_OF_SERVE + 1,
      description = "Port of wss://HOST/ws/id (443).")
  private int wssPort = WebPorts.USUAL.tls();

  @Option(
      names = "--ws-port",
      paramLabel = "PORT",
      order = AFTER_FLAGS_OF_SERVE + 2,
      description = "Port of ws://HOST/ws/id (80).")
  private int wsPort = WebPorts.USUAL.plain();

  /**
   * The command.
   *
   * @param settings reads the settings of {@code serve} from the flags of this command
   * @param clock the time of this machine
   */
  public DoctorCommand(
      PrintWriter out, Function<CommandSpec, LoadedSettings> settings, WallClock clock) {
    this.out = out;
    this.settings = settings;
    this.clock = clock;
  }

  @Override
  public Integer call() {
    CommandSpec command = Objects.requireNonNull(spec);
    Diagnosis diagnosis = diagnosis(command);
    out.println(
        isJson
            ? DiagnosisJson.of(diagnosis)
            : DiagnosisTable.of(diagnosis, command.commandLine().getColorScheme()));
    return diagnosis.exitCode();
  }

  private Diagnosis diagnosis(CommandSpec command) {
    String named = host;
    if (named == null) {
      return ServerDoctor.diagnose(() -> settings.apply(command), Ticker.SYSTEM, clock);
    }
    String given = key == null ? "" : key;
    return ClientDoctor.diagnose(
        ServerName.of(named, given, new WebPorts(wsPort, wssPort)), clock, Ticker.SYSTEM);
  }
}
