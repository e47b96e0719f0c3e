package dev.rallypoint.app.cli;

import dev.rallypoint.app.keys.ServerKey;
import dev.rallypoint.config.NodeRole;
import dev.rallypoint.config.NodeSettings;
import dev.rallypoint.transport.ListenAddress;
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
    String data = "data folder: " + settings.data();
    if (!isIdServer()) {
      return List.of(data, "a relay only: name it in relay-servers of the ID server");
    }
    return List.of(
        data,
        "in each client, under Settings > Network > ID/Relay server:",
        "  ID server: " + (port == CLIENTS_PORT ? host : host + ", then :" + port),
        "  Key: " + clientsKey());
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
    String required = key.access().required();
    return key.publicText()
        .map(text ->
            required.isEmpty() || required.equals(text)
                ? text
                : "the text that was set as this node's key")
        .orElse(required);
  }
}
