package dev.rallypoint.app;

import dev.rallypoint.app.api.ApiPort;
import dev.rallypoint.app.keys.ServerKey;
import dev.rallypoint.config.LoadedSettings;
import dev.rallypoint.config.NodeRole;
import dev.rallypoint.config.NodeSettings;
import dev.rallypoint.config.PostgresSettings;
import dev.rallypoint.config.SqliteSettings;
import dev.rallypoint.config.WrittenSetting;
import dev.rallypoint.policy.AccessKey;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the log says when a node starts, so that a log that is sent to somebody tells its node. */
public final class StartLog {
  private static final Logger LOG = LoggerFactory.getLogger(StartLog.class);

  private StartLog() {}

  /** The program, the key and the settings. */
  public static void begin(LoadedSettings loaded, ServerKey key) {
    LOG.info(
        "rallypoint {} (Java {}, {} {}, {} cores, heap {} MB)",
        ProgramVersion.number(),
        Runtime.version().feature(),
        System.getProperty("os.name"),
        System.getProperty("os.arch"),
        Runtime.getRuntime().availableProcessors(),
        Runtime.getRuntime().maxMemory() >> 20);
    LOG.info("key: {}", key(key));
    LOG.info("settings: {}", settings(loaded.chosen()));
  }

  static String key(ServerKey key) {
    return key.access().isOpen()
        ? "none, everybody is served"
        : "fingerprint " + AccessKey.fingerprint(key.access().required());
  }

  static String settings(List<WrittenSetting> chosen) {
    return chosen.isEmpty()
        ? "all have their default"
        : chosen.stream()
            .map(one -> "%s=%s (%s)".formatted(one.name(), one.value(), one.where()))
            .collect(Collectors.joining(", ", "all have their default but ", ""));
  }

  /** Where the ids are stored, and how many. */
  static void store(NodeSettings settings, long ids) {
    String place =
        switch (settings.store()) {
          case SqliteSettings(Path file) -> "SQLite file " + file;
          case PostgresSettings shared -> shared.toString();
        };
    LOG.info("store: {}, {} ids", place, ids);
  }

  /** The ports that are open now. */
  static void ports(NodeSettings settings) {
    if (LOG.isInfoEnabled()) {
      LOG.info("ports: {}", String.join(", ", portsOf(settings)));
    }
  }

  static List<String> portsOf(NodeSettings settings) {
    List<String> ports = new ArrayList<>();
    Set<NodeRole> roles = settings.cluster().roles();
    if (roles.contains(NodeRole.RENDEZVOUS)) {
      ports.add("NAT test " + settings.rendezvous().natTestPort() + "/tcp");
      ports.add("ID server %d/tcp %<d/udp".formatted(settings.rendezvous().port()));
      ports.add("WebSocket to it " + settings.rendezvous().webSocketPort() + "/tcp");
    }
    if (roles.contains(NodeRole.RELAY)) {
      ports.add("relay " + settings.relay().port() + "/tcp");
      ports.add("WebSocket to it " + settings.relay().webSocketPort() + "/tcp");
    }
    if (settings.entrance().httpsPort() > 0) {
      ports.add("https " + settings.entrance().httpsPort() + "/tcp");
    }
    if (ApiPort.isIn(settings)) {
      ports.add("api " + settings.entrance().apiPort().port() + "/tcp");
    }
    if (settings.management().port() > 0) {
      ports.add(
          "management %s:%d/tcp"
              .formatted(settings.management().bind(), settings.management().port()));
    }
    return ports;
  }
}
