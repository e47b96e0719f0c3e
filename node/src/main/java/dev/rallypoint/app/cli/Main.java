package dev.rallypoint.app.cli;

import dev.rallypoint.app.Node;
import dev.rallypoint.app.ProgramVersion;
import dev.rallypoint.app.cli.doctor.DoctorCommand;
import dev.rallypoint.app.cli.manage.AdminCommand;
import dev.rallypoint.app.cli.manage.CutCommand;
import dev.rallypoint.app.cli.manage.DrainCommand;
import dev.rallypoint.app.cli.manage.ExplainCommand;
import dev.rallypoint.app.cli.manage.LimitsCommand;
import dev.rallypoint.app.cli.manage.LogLevelCommand;
import dev.rallypoint.app.cli.manage.ManageContext;
import dev.rallypoint.app.cli.manage.NewPassword;
import dev.rallypoint.app.cli.manage.NodesCommand;
import dev.rallypoint.app.cli.manage.PeersCommand;
import dev.rallypoint.app.cli.manage.SessionsCommand;
import dev.rallypoint.app.cli.manage.StatusCommand;
import dev.rallypoint.app.cli.manage.TopCommand;
import dev.rallypoint.app.cli.manage.UndrainCommand;
import dev.rallypoint.app.lifecycle.ProcessExit;
import dev.rallypoint.config.SettingException;
import dev.rallypoint.config.SettingSources;
import dev.rallypoint.time.WallClock;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
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
  private static final Set<String> TAKES_SETTINGS = Set.of("serve", "health", "doctor", "settings");

  private final CommandContext context;

  @Spec private @Nullable CommandSpec spec;

  private Main(CommandContext context) {
    this.context = context;
  }

  /** Runs a command in this process. */
  public static void main(String[] args) {
    ProcessExit exit = new ProcessExit();
    CommandContext context =
        new CommandContext(
            Path.of("").toAbsolutePath(),
            System.getenv(),
            // A QR code has letters that are in UTF-8 only; terminals read it in any locale.
            new PrintWriter(System.out, true, StandardCharsets.UTF_8),
            new PrintWriter(System.err, true),
            exit::onTermination,
            // Not a method reference: that would load the whole server for keys and --help.
            (settings, key, ending) -> Node.start(settings, key, ending));
    run(exit, context, args);
  }

  /** Runs a command and ends the process, whatever happens; does not return. */
  public static void run(ProcessExit exit, CommandContext context, String... args) {
    int code = 1;
    try {
      code = run(context, args);
    } catch (Throwable e) { // a class that is missing, for example; threads of a node may run on
      context.err().println("rallypoint: the program cannot run: " + e);
    }
    exit.with(code);
  }

  /** Runs a command and returns its exit code. */
  public static int run(CommandContext context, String... args) {
    if (args.length > 0 && args[0].equals("hbbr")) {
      return refuse(
          context,
          "hbbr = a service of its own: 'serve' is the relay too; take this one away, and give the"
              + " ports 21117 and 21119 that it publishes to the one of hbbs");
    }
    // What compose files of hbbs's images have as the command.
    if (args.length > 0 && args[0].equals("hbbs")) {
      context.warn("hbbs is read as 'serve', which is ID server and relay in one");
      args[0] = "serve";
    }
    Map<String, Supplier<Object>> commands = commands(context);
    // To read what one command takes is most of a short start: the others are left out.
    Set<String> named =
        args.length > 0 && commands.containsKey(args[0]) ? Set.of(args[0]) : commands.keySet();
    CommandLine program = new CommandLine(new Main(context));
    commands.forEach((name, command) -> {
      if (named.contains(name)) {
        program.addSubcommand(name, command.get());
      }
    });
    if (named.size() > 1) {
      program.addSubcommand("help", new CommandLine.HelpCommand());
    }
    program
        .setUsageHelpWidth(100)
        .setOut(context.out())
        .setErr(context.err())
        .setAllowOptionsAsOptionParameters(false)
        .setParameterExceptionHandler((e, _) -> refuse(context, line(e)))
        .setExecutionExceptionHandler((e, _, _) -> onFault(context, e));
    if (args.length > 0
        && !args[0].startsWith("-")
        && !program.getSubcommands().containsKey(args[0])) {
      // A --help behind it would show the general help, as if all were well.
      return refuse(context, line(new UnmatchedArgumentException(program, List.of(args[0]))));
    }
    return program.execute(args);
  }

  /** What makes each command, in the order of the help; the help itself needs all of them. */
  private static Map<String, Supplier<Object>> commands(CommandContext context) {
    ManageContext manage = TransferFlags.manageContext(context);
    Map<String, Supplier<Object>> commands = new LinkedHashMap<>();
    commands.put("serve", () -> ServeFlags.on(new ServeCommand(context)));
    commands.put("health", () -> ServeFlags.on(new HealthCommand(context)));
    commands.put("drain", () -> new DrainCommand(manage));
    commands.put("undrain", () -> new UndrainCommand(manage));
    commands.put("doctor", () -> ServeFlags.on(doctor(context)));
    commands.put("log-level", () -> new LogLevelCommand(manage));
    commands.put("keys", () -> new CommandLine(new KeysCommand(context)));
    commands.put("import", () -> new ImportCommand(context));
    commands.put("export", () -> new ExportCommand(context));
    commands.put("settings", () -> ServeFlags.on(new SettingsCommand(context)));
    commands.put("status", () -> new StatusCommand(manage));
    commands.put("nodes", () -> new NodesCommand(manage));
    commands.put("peers", () -> new PeersCommand(manage));
    commands.put("sessions", () -> new SessionsCommand(manage));
    commands.put("cut", () -> new CutCommand(manage));
    commands.put("top", () -> new TopCommand(manage));
    commands.put("limits", () -> new LimitsCommand(manage));
    commands.put("explain", () -> new ExplainCommand(manage));
    commands.put("admin", () -> AdminCommand.withParts(manage, NewPassword::ask));
    commands.put("backup", () -> new BackupCommand(context));
    commands.put("restore", () -> new RestoreCommand(context));
    commands.put("client-config", () -> new ClientConfigCommand(context));
    return commands;
  }

  private static DoctorCommand doctor(CommandContext context) {
    return new DoctorCommand(
        context.out(), command -> ServeFlags.sources(command, context).load(), WallClock.SYSTEM);
  }

  @Override
  public void run() {
    Objects.requireNonNull(spec).commandLine().usage(context.out());
  }

  private static int onFault(CommandContext context, Exception fault) {
    if (fault instanceof SettingException setting) {
      return refuse(context, setting.getMessage());
    }
    context.err().println("rallypoint: an unexpected fault");
    fault.printStackTrace(context.err());
    return 1;
  }

  private static int refuse(CommandContext context, String line) {
    context.err().println("rallypoint: " + line);
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
      return "unknown command " + written + ": " + word.map(Main::question).orElse("see --help");
    }
    String flag = written.replaceFirst("=.*$", "");
    CommandSpec command = fault.getCommandLine().getCommandSpec();
    Optional<String> nearest =
        TAKES_SETTINGS.contains(command.name()) ? SettingSources.nearest(flag) : Optional.empty();
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
