package dev.rallypoint.app.cli;

import dev.rallypoint.app.onboarding.ClientConfig;
import dev.rallypoint.app.onboarding.ClientKey;
import dev.rallypoint.app.onboarding.ClientPorts;
import dev.rallypoint.app.onboarding.QrText;
import dev.rallypoint.app.onboarding.ServerName;
import dev.rallypoint.config.NodeRole;
import dev.rallypoint.config.NodeSettings;
import dev.rallypoint.config.SettingException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Prints what a client is given, and which ports it needs. */
@Command(
    name = "client-config",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    header =
        "Print what to give to clients: the fields, one text to import, a file name, a QR code.",
    description = {
      "",
      "Takes the settings of 'serve' and the key that the first 'serve' made. The node need not run.",
      "",
      "The name by which clients reach the server is known to its operator only. Without --host it is",
      "relay-name, or else this machine's address where that is a public IPv4 address.",
      ""
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:printed", "2:there is no key yet, or a bad setting; the line says which"},
    footer = {
      "",
      "For example:",
      "  bin/rallypoint client-config --data /var/lib/rallypoint --host rustdesk.example.org --qr",
      "",
      "In the client: Settings > Network > ID/Relay server, or there 'Import server config' with the",
      "text in the clipboard; on a phone the camera in Settings. For many machines:",
      "  rustdesk --config TEXT"
    })
final class ClientConfigCommand implements Callable<Integer> {
  private static final String HOST = "--host";
  private static final String NAME = "NAME-OF-THIS-SERVER";

  private final CommandContext context;

  @Option(
      names = HOST,
      paramLabel = "NAME",
      order = 0,
      description = "The name, or public IPv4 address, by which clients reach the server.")
  private @Nullable String host;

  @Option(names = "--qr", order = 1, description = "Print a QR code for the camera of a phone.")
  private boolean qr;

  @Mixin private final TransferFlags flags = new TransferFlags();

  ClientConfigCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() {
    PrintWriter out = context.out();
    NodeSettings settings = flags.settings(context);
    if (!settings.cluster().roles().contains(NodeRole.RENDEZVOUS)) {
      throw new SettingException("roles", "relay", "ask the node that is the ID server");
    }
    ServerName own = ServerName.of(settings);
    ServerName name = host == null ? own : new ServerName.Known(requireName(host));
    String key = ClientKey.of(settings);
    switch (name) {
      case ServerName.Known(String known) -> print(ClientConfig.of(settings, known, key));
      case ServerName.LocalOnly(String ip) -> {
        context.warn(
            "%s is reached from its own network only; for other clients name the server: %s %s"
                .formatted(ip, HOST, NAME));
        print(ClientConfig.of(settings, ip, key));
      }
      case ServerName.Unknown _ -> {
        context.warn(
            "the name of this server is not known; write it: %s %s, or as relay-name"
                .formatted(HOST, NAME));
        out.println("ID server: " + ClientConfig.withPort(NAME, settings.rendezvous().port()));
        out.println("Key: " + key);
      }
    }
    out.println();
    String machine = own instanceof ServerName.LocalOnly(String ip) ? ip : "this machine";
    ClientPorts.of(settings).lines(machine).forEach(out::println);
    return 0;
  }

  private void print(ClientConfig config) {
    PrintWriter out = context.out();
    out.println("ID server: " + config.host());
    out.println("Relay server: " + (config.relay().isEmpty() ? "leave it empty" : config.relay()));
    out.println("API server: leave it empty");
    out.println("Key: " + config.key());
    out.println("text to import: " + config.text());
    out.println("file name for Windows: " + config.fileName());
    if (qr) {
      out.println();
      QrText.lines(config.qrText(), Ansi.AUTO.enabled()).forEach(out::println);
    }
  }

  private static String requireName(String host) {
    if (host.contains(":") || !host.matches("[A-Za-z0-9._-]{1,253}")) {
      throw new SettingException(
          HOST,
          host,
          host.contains("::") || host.startsWith("[")
              ? "clients take no IPv6 address as ID server; write a name that has it in DNS"
              : "write a name such as rustdesk.example.org, or an IPv4 address, without a port");
    }
    if (host.matches("127\\..*|localhost|0\\.0\\.0\\.0")) {
      throw new SettingException(HOST, host, "no other machine reaches this one by it");
    }
    return host;
  }
}
