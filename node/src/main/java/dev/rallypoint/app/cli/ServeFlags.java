package dev.rallypoint.app.cli;

import dev.rallypoint.config.SettingException;
import dev.rallypoint.config.SettingSources;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The flags of {@code serve}: hbbs's own, and every setting by {@code --set}. */
final class ServeFlags {
  private final Map<String, String> given = new LinkedHashMap<>();
  private @Nullable String config;

  @Option(
      names = {"-p", "--port"},
      paramLabel = "PORT",
      order = 1,
      description = "ID server, TCP and UDP (21116); the port below it is the NAT test.")
  void port(String value) {
    give("port", value);
  }

  @Option(
      names = "--relay-port",
      paramLabel = "PORT",
      order = 2,
      description = "Relay, TCP (the ID server's port + 1).")
  void relayPort(String value) {
    give("relay-port", value);
  }

  @Option(
      names = {"-k", "--key"},
      paramLabel = "KEY",
      order = 3,
      description = {
        "Key that clients must have. \"-\": the pair in the data folder, made on the first start"
            + " (the default). \"\": no key check, everybody is served. A secret key in base64: that"
            + " pair. Any other text: that text."
      })
  void key(String value) {
    give("key", value);
  }

  @Option(
      names = {"-r", "--relay-servers"},
      paramLabel = "HOST[:PORT],...",
      order = 4,
      description = "Relays handed to clients (this machine, as the client knows it).")
  void relayServers(String value) {
    give("relay-servers", value);
  }

  @Option(
      names = {"-b", "--bind"},
      paramLabel = "IP",
      order = 5,
      description = "The one ip to listen on (all).")
  void bind(String value) {
    give("bind", value);
  }

  @Option(
      names = "--data",
      paramLabel = "DIR",
      order = 6,
      description = "Folder of id_ed25519, db_v2.sqlite3, blacklist.txt, blocklist.txt (here).")
  void data(String value) {
    give("data", value);
  }

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      order = 7,
      description = "hbbs's INI file: lines of name = value.")
  void config(String value) {
    config = value;
  }

  @Option(
      names = "--set",
      paramLabel = "NAME=VALUE",
      order = 8,
      description = "Any setting, as often as needed; 'rallypoint settings' lists them.")
  void set(List<String> values) {
    for (String value : values) {
      String[] parts = value.split("=", 2);
      if (parts.length != 2) {
        throw new SettingException("--set", value, "write NAME=VALUE");
      }
      give(parts[0], parts[1]);
    }
  }

  @Option(
      names = {"-M", "--rmem"},
      paramLabel = "BYTES",
      order = 9,
      description = "Kernel receive buffer for UDP (0, the system's default).")
  void rmem(String value) {
    give("rmem", value);
  }

  @Option(
      names = "--mask",
      paramLabel = "NETWORK",
      order = 10,
      description = "The operator's own LAN, such as 192.168.0.0/16.")
  void mask(String value) {
    give("mask", value);
  }

  @Option(
      names = "--cluster-host",
      paramLabel = "HOST",
      order = 11,
      description = "Name or ip by which the other nodes reach this one (found out).")
  void clusterHost(String value) {
    give("cluster-host", value);
  }

  @Option(
      names = "--cluster-port",
      paramLabel = "PORT",
      order = 12,
      description = "Messages between nodes, TCP (25520); relayed bytes take the port above it.")
  void clusterPort(String value) {
    give("cluster-port", value);
  }

  @Option(
      names = "--seed-nodes",
      paramLabel = "HOST[:PORT],...",
      order = 13,
      description = "Nodes to join, the first begins (found through a PostgreSQL DB_URL).")
  void seedNodes(String value) {
    give("seed-nodes", value);
  }

  @Option(
      names = "--roles",
      paramLabel = "ROLE,...",
      order = 14,
      description = "What the node does: rendezvous, relay or both (both).")
  void roles(String value) {
    give("roles", value);
  }

  @Option(
      names = {"-s", "--serial"},
      hidden = true)
  void serial(String value) {
    give("serial", value);
  }

  @Option(
      names = {"-R", "--rendezvous-servers"},
      hidden = true)
  void rendezvousServers(String value) {
    give("rendezvous-servers", value);
  }

  @Option(
      names = {"-u", "--software-url"},
      hidden = true)
  void softwareUrl(String value) {
    give("software-url", value);
  }

  /** All sources of settings of a process with these flags. */
  SettingSources sources(CommandContext surroundings) {
    return new SettingSources(
        given,
        Optional.ofNullable(config).map(Path::of),
        surroundings.workingDirectory(),
        surroundings.environment());
  }

  private void give(String name, String value) {
    String other = given.put(name, value);
    if (other != null && !other.equals(value)) {
      throw new SettingException(name, "two values", "write it once on the command line");
    }
  }
}
