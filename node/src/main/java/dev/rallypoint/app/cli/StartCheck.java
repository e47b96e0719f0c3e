package dev.rallypoint.app.cli;

import dev.rallypoint.app.keys.KeyFiles;
import dev.rallypoint.app.keys.KeyText;
import dev.rallypoint.config.NodeRole;
import dev.rallypoint.config.NodeSettings;
import dev.rallypoint.config.PostgresSettings;
import dev.rallypoint.config.SettingException;
import dev.rallypoint.config.SqliteSettings;
import dev.rallypoint.store.DatabaseCheckup;
import dev.rallypoint.transport.ListenAddress;
import dev.rallypoint.transport.tls.Certificate;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Tries what a node needs for its start and leaves everything as it is: no file, key or table is
 * made. The ports are bound for a moment.
 */
final class StartCheck {
  private final NodeSettings settings;
  private final List<Line> lines = new ArrayList<>();

  /**
   * What was found of one thing.
   *
   * @param text what it is like, or the fault with its mend
   */
  record Line(String name, boolean isGood, String text) {}

  private interface Socket {
    void open(InetSocketAddress address) throws IOException;
  }

  private StartCheck(NodeSettings settings) {
    this.settings = settings;
  }

  static List<Line> of(NodeSettings settings) {
    StartCheck check = new StartCheck(settings);
    check.add("data", check::data);
    check.add("key", check::key);
    check.add("database", check::database);
    settings
        .entrance()
        .tls()
        .ifPresent(files ->
            check.add(
                "tls",
                () -> Certificate.load(files).problem().orElse("the certificate can be used")));
    check.ports();
    return check.lines;
  }

  private void add(String name, Supplier<String> look) {
    try {
      lines.add(new Line(name, true, look.get()));
    } catch (SettingException e) {
      lines.add(new Line(name, false, String.valueOf(e.getMessage())));
    }
  }

  private String data() {
    Path folder = settings.data().toAbsolutePath();
    Path existing = folder;
    while (!Files.exists(existing)) {
      existing = Objects.requireNonNull(existing.getParent());
    }
    if (!Files.isDirectory(existing) || !Files.isWritable(existing)) {
      throw new SettingException("data", existing, "let this user write in it, or name another");
    }
    return existing.equals(folder) ? folder.toString() : folder + ", which the start makes";
  }

  private String key() {
    KeyText text = KeyText.of(settings.key().access(), settings.data());
    if (text instanceof KeyText.Damaged damaged) {
      throw new SettingException("key", "...", damaged.advice());
    }
    KeyFiles files = KeyFiles.of(settings);
    return files
        .load()
        .map(pair -> "public key " + pair.publicKey().text())
        .orElse(
            settings.store() instanceof PostgresSettings
                ? "no pair in the data folder: that of the database is used, or made"
                : "no pair in the data folder: the first start makes one");
  }

  private String database() {
    return switch (settings.store()) {
      case SqliteSettings(Path file) -> DatabaseCheckup.summaryOf(file);
      case PostgresSettings shared -> DatabaseCheckup.summaryOf(shared);
    };
  }

  private void ports() {
    Set<NodeRole> roles = settings.cluster().roles();
    if (roles.contains(NodeRole.RENDEZVOUS)) {
      tcp(settings.rendezvous().natTestPort());
      tcp(settings.rendezvous().port());
      port(
          settings.bind(),
          settings.rendezvous().port(),
          "udp",
          address -> new DatagramSocket(address).close());
      tcp(settings.rendezvous().webSocketPort());
      if (settings.entrance().apiPort().isRequired()) {
        tcp(settings.entrance().apiPort().port());
      }
    }
    if (roles.contains(NodeRole.RELAY)) {
      tcp(settings.relay().port());
      tcp(settings.relay().webSocketPort());
    }
    if (settings.entrance().httpsPort() > 0) {
      tcp(settings.entrance().httpsPort());
    }
    if (settings.management().port() > 0) {
      tcp(settings.management().bind(), settings.management().port());
    }
    boolean hasOthers =
        settings.store() instanceof PostgresSettings || !settings.cluster().seeds().isEmpty();
    if (hasOthers && settings.cluster().port() > 0) {
      int port = settings.cluster().port();
      tcp(port);
      tcp(settings.cluster().backhaulPort() == 0 ? port + 1 : settings.cluster().backhaulPort());
    }
  }

  private void tcp(int port) {
    tcp(settings.bind(), port);
  }

  private void tcp(String bind, int port) {
    port(
        bind,
        port,
        "tcp",
        address -> {
          try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(address);
          }
        });
  }

  private void port(String bind, int port, String protocol, Socket socket) {
    String name = port + "/" + protocol;
    add(
        name,
        () -> {
          try {
            socket.open(ListenAddress.of(bind, port));
            return "free";
          } catch (IOException e) {
            throw new SettingException(
                "port",
                name,
                "cannot be bound (%s); stop what uses it, or choose another"
                    .formatted(e.getMessage()));
          }
        });
  }
}
