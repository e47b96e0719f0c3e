package dev.rallypoint.metrics.access;

import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The access events. Each has a logger of its own and fields in a fixed order. */
public enum AccessEvent {
  /** An id was registered or changed. */
  REGISTERED("id", "address", "via", "change", "old"),
  /** A client was not served, by a rule or a limit. */
  REFUSED("reason", "address", "what", "id", "session", "key"),
  /** A requester asked for a target, and this came of it. */
  PUNCH("kind", "requester", "target", "verdict", "session"),
  /** Two legs became a relay session. */
  RELAY_STARTED("session", "a", "b", "here", "type"),
  /** A relay session ended. */
  RELAY_ENDED("session", "a", "b", "here", "bytes", "seconds", "reason");

  private final List<String> fields;
  private final Logger logger = LoggerFactory.getLogger("access." + label().replace('_', '.'));

  AccessEvent(String... fields) {
    this.fields = List.of(fields);
  }

  /** The message of its lines, such as {@code relay_started}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The names of its fields in their order; a line has those that have a value. */
  public List<String> fields() {
    return fields;
  }

  /** Its logger, such as {@code access.relay.started}. */
  Logger logger() {
    return logger;
  }
}
