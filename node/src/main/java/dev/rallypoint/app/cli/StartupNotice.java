package dev.rallypoint.app.cli;

import dev.rallypoint.app.keys.ServerKey;
import dev.rallypoint.config.NodeSettings;
import java.util.ArrayList;
import java.util.List;

/**
 * What someone who starts a node for the first time needs: where its files are, and what to paste
 * into a client. A key that an operator chose is not printed.
 */
record StartupNotice(NodeSettings settings, ServerKey key) {
  private static final int CLIENTS_PORT = 21116;

  /** The lines before the ready line. */
  List<String> lines() {
    int port = settings.rendezvous().port();
    String host = "this machine's name or address";
    return List.of(
        "data folder: " + settings.data(),
        "in each client, under Settings > Network > ID/Relay server:",
        "  ID server: " + (port == CLIENTS_PORT ? host : host + ", then :" + port),
        "  Key: " + clientsKey());
  }

  /** What is allowed and probably not meant. */
  List<String> warnings() {
    List<String> warnings = new ArrayList<>();
    int expected = settings.rendezvous().port() + 1;
    if (settings.relay().port() != expected && settings.rendezvous().relayServers().isEmpty()) {
      warnings.add(
          "clients look for the relay on port "
              + expected
              + " and it listens on "
              + settings.relay().port()
              + ": set relay-servers to this machine's name:"
              + settings.relay().port());
    }
    if (key.access().isOpen()) {
      warnings.add(
          "the key check is off: who knows this address can use this server and its relay");
    }
    if (key.signing().isEmpty()) {
      warnings.add(
          "key is a public key without its secret: logged-in clients fail and no client can verify"
              + " its partner; set key to - or to the secret key");
    }
    return warnings;
  }

  private String clientsKey() {
    String required = key.access().required();
    return key.publicText()
        .map(text ->
            required.isEmpty() || required.equals(text)
                ? text
                : "the text that was set as this node's key")
        .orElse(required);
  }
}
