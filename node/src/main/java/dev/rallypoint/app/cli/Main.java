package dev.rallypoint.app.cli;

import dev.rallypoint.app.Node;
import dev.rallypoint.app.ProgramVersion;
import dev.rallypoint.app.lifecycle.ProcessExit;
import dev.rallypoint.config.SettingException;
import dev.rallypoint.config.SettingSources;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line. Exit codes: 0 fine, 2 a bad setting, file or flag, 1 an unexpected fault. */
@Command(
    name = "rallypoint",
    mixinStandardHelpOptions = true,
    versionProvider = ProgramVersion.class,
    sortOptions = false,
    header = "Self-hosted ID and relay server for RustDesk clients.",
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "To begin:",
      "  1. Open the ports 21115/tcp, 21116/tcp, 21116/udp and 21117/tcp to this machine;",
      "     for clients that use WebSocket also 21118/tcp and 21119/tcp.",
      "  2. bin/rallypoint serve --data /var/lib/rallypoint",
      "  3. Paste two things into each client, under Settings > Network > ID/Relay server:",
      "     ID server: this machine's name or address; Key: the key that serve prints.",
      "",
      "'rallypoint help serve' tells the flags, 'rallypoint settings' every setting."
    })
public final class Main implements Runnable {
  private final CommandContext surroundings;

  @Spec private @Nullable CommandSpec spec;

  private Main(CommandContext surroundings) {
    this.surroundings = surroundings;
  }

  /** Runs a command in this process. */
  public static void main(String[] args) {
    ProcessExit exit = new ProcessExit();
    CommandContext surroundings =
        new CommandContext(
            Path.of("").toAbsolutePath(),
            System.getenv(),
            new PrintWriter(System.out, true),
            new PrintWriter(System.err, true),
            exit::onTermination,
            // Not a method reference: that would load the whole server for keys and --help.
            (settings, key, ending) -> Node.start(settings, key, ending));
    exit.with(run(surroundings, args));
  }

  /** Runs a command and returns its exit code. */
  public static int run(CommandContext surroundings, String... args) {
    if (args.length > 0 && args[0].equals("hbbr")) {
      return refuse(
          surroundings,
          "hbbr = a service of its own: 'serve' is the relay too; take this one away");
    }
    // What compose files of hbbs's images have as the command.
    if (args.length > 0 && args[0].equals("hbbs")) {
      surroundings.warn("hbbs is read as 'serve', which is ID server and relay in one");
      args[0] = "serve";
    }
    return new CommandLine(new Main(surroundings))
        .addSubcommand("serve", ServeFlags.on(new ServeCommand(surroundings)))
        .addSubcommand("health", ServeFlags.on(new HealthCommand(surroundings)))
        .addSubcommand("keys", new CommandLine(new KeysCommand(surroundings)))
        .addSubcommand("import", new ImportCommand(surroundings))
        .addSubcommand("export", new ExportCommand(surroundings))
        .addSubcommand("settings", new SettingsCommand(surroundings))
        .addSubcommand("help", new CommandLine.HelpCommand())
        .setUsageHelpWidth(100)
        .setOut(surroundings.out())
        .setErr(surroundings.err())
        .setAllowOptionsAsOptionParameters(false)
        .setParameterExceptionHandler((e, _) -> refuse(surroundings, line(e)))
        .setExecutionExceptionHandler((e, _, _) -> onFault(surroundings, e))
        .execute(args);
  }

  @Override
  public void run() {
    Objects.requireNonNull(spec).commandLine().usage(surroundings.out());
  }

  private static int onFault(CommandContext surroundings, Exception fault) {
    if (fault instanceof SettingException setting) {
      return refuse(surroundings, setting.getMessage());
    }
    surroundings.err().println("rallypoint: an unexpected fault");
    fault.printStackTrace(surroundings.err());
    return 1;
  }

  private static int refuse(CommandContext surroundings, String line) {
    surroundings.err().println("rallypoint: " + line);
    return 2;
  }

  private static String line(ParameterException fault) {
    for (Throwable cause = fault; cause != null; cause = cause.getCause()) {
      if (cause instanceof SettingException setting) {
        return setting.getMessage();
      }
    }
    String first = String.valueOf(fault.getMessage()).lines().findFirst().orElse("");
    if (!(fault instanceof UnmatchedArgumentException unmatched)) {
      return first;
    }
    String written = unmatched.getUnmatched().getFirst();
    if (!written.startsWith("-")) {
      Optional<String> word = unmatched.getSuggestions().stream().findFirst();
      return "unknown word " + written + ": " + word.map(Main::question).orElse("see --help");
    }
    String flag = written.replaceFirst("=.*$", "");
    CommandSpec command = fault.getCommandLine().getCommandSpec();
    Optional<String> nearest =
        command.name().equals("serve") || command.name().equals("health")
            ? SettingSources.nearest(flag)
            : Optional.empty();
    String advice =
        nearest
            .map(name -> "--" + name)
            .map(own ->
                command.optionsMap().containsKey(own)
                    ? own
                    : "--set %s=VALUE".formatted(own.substring(2)))
            .map(Main::question)
            .orElse("see --help");
    return "unknown flag " + flag + ": " + advice;
  }

  private static String question(String meant) {
    return "did you mean " + meant + "?";
  }
}
