package dev.rallypoint.app.cli;

import dev.rallypoint.app.api.SetupCodeFile;
import dev.rallypoint.app.keys.ServerKey;
import dev.rallypoint.app.onboarding.ClientConfig;
import dev.rallypoint.app.onboarding.ServerName;
import dev.rallypoint.config.NodeRole;
import dev.rallypoint.config.NodeSettings;
import dev.rallypoint.transport.ListenAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * What someone who starts a node for the first time needs: where its files are, and what to paste
 * into a client. A key that an operator chose is not printed.
 */
record StartupNotice(NodeSettings settings, ServerKey key, ServerName name) {
  private static final int CLIENTS_PORT = 21116;
  private static final String SOME_NAME = "this machine's name or address";

  /** The lines before the ready line. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add("data folder: " + settings.data());
    if (!isIdServer()) {
      lines.add("a relay only: name it in relay-servers of the ID server");
      return lines;
    }
    lines.add("in each client, under Settings > Network > ID/Relay server:");
    switch (name) {
      case ServerName.Known(String known) -> lines.addAll(fields(known));
      case ServerName.LocalOnly(String ip) -> {
        lines.add("  ID server: " + withPort(ip + " in its own network, elsewhere " + SOME_NAME));
        lines.add("  Key: " + clientsKey());
      }
      case ServerName.Unknown _ -> {
        lines.add("  ID server: " + withPort(SOME_NAME));
        lines.add("  Key: " + clientsKey());
      }
    }
    boolean isKnown = name instanceof ServerName.Known;
    lines.add(
        "QR code, text to import, firewall lines: rallypoint client-config"
            + (isKnown ? " --qr" : " --host NAME-OF-THIS-SERVER"));
    return lines;
  }

  /** The lines after the start, where the node has made a code for its first administrator. */
  List<String> setup() {
    return settings.servesApi()
        ? SetupCodeFile.in(settings.data()).stream()
            .map(code ->
                "accounts: http://%s:%d/setup makes the first administrator with the code %s"
                    .formatted(
                        name instanceof ServerName.Known(String known) ? known : "THIS-SERVER",
                        settings.entrance().apiPort().port(),
                        code))
            .toList()
        : List.of();
  }

  /** A key that an operator chose is not in the forms to import. */
  private List<String> fields(String known) {
    ClientConfig config = ClientConfig.of(settings, known, clientsKey());
    List<String> lines = new ArrayList<>();
    lines.add("  ID server: " + config.host());
    lines.add("  Relay server: " + (config.relay().isEmpty() ? "leave it empty" : config.relay()));
    lines.add("  Key: " + config.key());
    if (!isKeyChosen()) {
      lines.add("  or import there, from the clipboard: " + config.text());
      lines.add("  or name RustDesk's program for Windows: " + config.fileName());
    }
    return lines;
  }

  private String withPort(String words) {
    int port = settings.rendezvous().port();
    return port == CLIENTS_PORT ? words : words + ", then :" + port;
  }

  /** What is allowed and probably not meant. */
  List<String> warnings() {
    List<String> warnings = new ArrayList<>();
    int expected = settings.rendezvous().port() + 1;
    int relay = settings.relay().port();
    if (isIdServer() && relay != expected && settings.rendezvous().relayServers().isEmpty()) {
      warnings.add(
          "clients look for the relay on port "
              + expected
              + " and it listens on "
              + relay
              + ": set relay-servers to this machine's name:"
              + relay);
    }
    if (settings.bind().isEmpty() && !ListenAddress.hasIpv6()) {
      warnings.add("this system has no IPv6: clients are served over IPv4 only");
    }
    if (key.access().isOpen()) {
      warnings.add(
          "the key check is off, because key is empty: who knows this address can use this server"
              + " and its relay; write - for the key pair of the data folder");
    }
    // A relay signs nothing: it is right to have no secret there.
    if (isIdServer() && key.signing().isEmpty()) {
      warnings.add(
          "key is a public key without its secret: logged-in clients fail and no client can verify"
              + " its partner; set key to - or to the secret key");
    }
    return warnings;
  }

  private boolean isIdServer() {
    return settings.cluster().roles().contains(NodeRole.RENDEZVOUS);
  }

  private String clientsKey() {
    return isKeyChosen()
        ? "the text that was set as this node's key"
        : key.publicText().orElse(key.access().required());
  }

  private boolean isKeyChosen() {
    String required = key.access().required();
    return key.publicText()
        .filter(text -> !required.isEmpty() && !required.equals(text))
        .isPresent();
  }
}
