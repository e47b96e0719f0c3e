package dev.rallypoint.app.cli;

import dev.rallypoint.app.keys.KeyText;
import dev.rallypoint.config.KeySettings;
import dev.rallypoint.config.NodeSettings;
import dev.rallypoint.config.PostgresSettings;
import dev.rallypoint.config.SettingException;
import dev.rallypoint.config.SettingSources;
import dev.rallypoint.config.StoreSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** The flags of {@code serve}: hbbs's own, and every setting by {@code --set}. */
final class ServeFlags {
  private static final String CONFIG = "--config";
  private static final String SET = "--set";

  /** In the order of {@code --help}; a flag without a description is taken and not shown there. */
  private static final List<Flag> FLAGS =
      List.of(
          new Flag(
              "-p --port",
              "PORT",
              "ID server, TCP and UDP (21116); the port below it is the NAT test."),
          new Flag("--relay-port", "PORT", "Relay, TCP (the ID server's port + 1)."),
          new Flag(
              "-k --key",
              "KEY",
              "Key that clients must have. \"-\": the pair in the data folder, made on the first"
                  + " start (the default). \"\": no key check, everybody is served. A secret key in"
                  + " base64: that pair. Any other text: that text."),
          new Flag(
              "-r --relay-servers",
              "HOST[:PORT],...",
              "Relays handed to clients (this machine, as the client knows it)."),
          new Flag("-b --bind", "IP", "The one ip to listen on (all)."),
          new Flag(
              "--data",
              "DIR",
              "Folder of id_ed25519, db_v2.sqlite3, blacklist.txt, blocklist.txt (here)."),
          new Flag("-c " + CONFIG, "FILE", "hbbs's INI file: lines of name = value."),
          new Flag(
              SET,
              "NAME=VALUE",
              "Any setting, as often as needed; 'rallypoint settings' lists them."),
          new Flag("-M --rmem", "BYTES", "Kernel receive buffer for UDP (0, up to 8 MiB)."),
          new Flag("--mask", "NETWORK", "The operator's own LAN, such as 192.168.0.0/16."),
          new Flag(
              "--cluster-host",
              "HOST",
              "Name or ip by which the other nodes reach this one (found out)."),
          new Flag(
              "--cluster-port",
              "PORT",
              "Messages between nodes, TCP (25520); relayed bytes take the port above it."),
          new Flag(
              "--seed-nodes",
              "HOST[:PORT],...",
              "Nodes to join, the first begins (found through a PostgreSQL DB_URL)."),
          new Flag("--roles", "ROLE,...", "What the node does: rendezvous, relay, api (all)."),
          new Flag("-s --serial", "", ""),
          new Flag("-R --rendezvous-servers", "", ""),
          new Flag("-u --software-url", "", ""));

  private record Flag(String names, String label, String description) {
    OptionSpec option(int order) {
      Class<?> type = names.equals(SET) ? List.class : String.class;
      return OptionSpec.builder(names.split(" "))
          .type(type)
          .auxiliaryTypes(String.class)
          .paramLabel(label)
          .description(description)
          .hidden(description.isEmpty())
          .order(order)
          .build();
    }
  }

  private ServeFlags() {}

  /** A command line for a command that takes these flags. */
  static CommandLine on(Object command) {
    CommandLine line = new CommandLine(command);
    for (int i = 0; i < FLAGS.size(); i++) {
      line.getCommandSpec().addOption(FLAGS.get(i).option(i + 1));
    }
    return line;
  }

  /** All sources of settings of a command with these flags, once its command line is parsed. */
  static SettingSources sources(CommandSpec command, CommandContext context) {
    ParseResult parsed = command.commandLine().getParseResult();
    return sources(given(parsed), parsed.matchedOptionValue(CONFIG, null), context);
  }

  private static Map<String, String> given(ParseResult parsed) {
    Map<String, String> given = pairs(parsed.matchedOptionValue(SET, List.of()));
    for (OptionSpec option : parsed.matchedOptions()) {
      String name = option.longestName();
      if (isOwn(name)
          && !option.isMultiValue()
          && !name.equals(CONFIG)
          && !option.typeInfo().isBoolean()) {
        put(given, name.substring(2), option.getValue());
      }
    }
    return given;
  }

  /** Whether a flag is one of {@code serve}, not one that a command has beside these. */
  private static boolean isOwn(String name) {
    return FLAGS.stream().anyMatch(flag -> List.of(flag.names.split(" ")).contains(name));
  }

  /**
   * A line for each secret that stands on the command line itself, which every user of the machine
   * can read. The secret is not in it.
   */
  static List<String> visibleSecrets(CommandSpec command, NodeSettings settings) {
    List<String> warnings = new ArrayList<>();
    given(command.commandLine().getParseResult())
        .forEach((written, value) -> {
          String name = written.toLowerCase(Locale.ROOT).replace('_', '-');
          boolean isSecret =
              switch (name) {
                case KeySettings.ACCESS, KeySettings.SECRET ->
                    switch (KeyText.of(value)) {
                      case KeyText.SecretPair _ -> true;
                      case KeyText.PlainText _ -> !Files.exists(settings.data().resolve(value));
                      default -> false;
                    };
                case StoreSettings.DB_URL ->
                    settings.store() instanceof PostgresSettings shared
                        && !shared.password().isEmpty();
                default -> false;
              };
          if (isSecret) {
            warnings.add(
                "%s is on the command line, which every user of this machine can read: write it into the"
                        .formatted(name)
                    + " environment, .env or the file of --config");
          }
        });
    return warnings;
  }

  static SettingSources sources(
      Map<String, String> given, @Nullable String config, CommandContext context) {
    return new SettingSources(
        given,
        Optional.ofNullable(config).map(Path::of),
        context.workingDirectory(),
        context.environment());
  }

  /** The settings of {@code --set}. */
  static Map<String, String> pairs(List<String> values) {
    Map<String, String> given = new LinkedHashMap<>();
    for (String value : values) {
      String[] parts = value.split("=", 2);
      if (parts.length != 2) {
        throw new SettingException(SET, value, "write NAME=VALUE");
      }
      put(given, parts[0], parts[1]);
    }
    return given;
  }

  private static void put(Map<String, String> given, String name, String value) {
    String other = given.put(name, value);
    if (other != null && !other.equals(value)) {
      throw new SettingException(name, "two values", "write it once on the command line");
    }
  }
}
