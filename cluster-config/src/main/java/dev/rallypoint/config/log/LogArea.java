package dev.rallypoint.config.log;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A part of the log whose level can be set alone. */
public enum LogArea {
  /** Everything that no other area has a level for. */
  ALL("all", "ROOT"),
  /** All access events. */
  ACCESS("access", "access"),
  ACCESS_REGISTERED("access.registered", "access.registered"),
  ACCESS_REFUSED("access.refused", "access.refused"),
  ACCESS_PUNCH("access.punch", "access.punch"),
  /** Both events of relay sessions. */
  ACCESS_RELAY("access.relay", "access.relay"),
  ACCESS_RELAY_STARTED("access.relay.started", "access.relay.started"),
  ACCESS_RELAY_ENDED("access.relay.ended", "access.relay.ended"),
  /** Registrations, punches, and the other work of the ID server. */
  ID_SERVER("id-server", "dev.rallypoint.rendezvous", "dev.rallypoint.registration"),
  RELAY("relay", "dev.rallypoint.relay"),
  /** Joining, leaving, lost nodes. */
  CLUSTER("cluster", "dev.rallypoint.bootstrap", "dev.rallypoint.cluster"),
  /** Ports, TLS, WebSocket, UDP. */
  CONNECTIONS("connections", "dev.rallypoint.transport"),
  STORE("store", "dev.rallypoint.store"),
  /** Start and end of the node, its limits, its management port. */
  NODE("node", "dev.rallypoint.app"),
  /** The libraries below the database. */
  DATABASE_LIBRARIES("database-libraries", "com.zaxxer.hikari", "org.flywaydb", "org.postgresql"),
  /** The library below the cluster and the streams. */
  PEKKO("pekko", "org.apache.pekko");

  private final String label;
  private final List<String> loggers;

  LogArea(String label, String... loggers) {
    this.label = label;
    this.loggers = List.of(loggers);
  }

  /** The name that operators write. */
  public String label() {
    return label;
  }

  /** The loggers in it; those below them follow. */
  public List<String> loggers() {
    return loggers;
  }

  /** The area of a name. */
  public static Optional<LogArea> of(String label) {
    return Arrays.stream(values()).filter(area -> area.label.equals(label)).findFirst();
  }

  /** All names, for a message. */
  public static String labels() {
    return Arrays.stream(values()).map(LogArea::label).collect(Collectors.joining(", "));
  }
}
