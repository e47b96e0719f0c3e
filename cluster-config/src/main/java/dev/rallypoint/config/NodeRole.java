package dev.rallypoint.config;

import java.util.Locale;

/** What a node does for clients. Each node has one role or several. */
public enum NodeRole {
  /** The ID server: registrations and hole punching. */
  RENDEZVOUS,
  /** The relay. */
  RELAY,
  /** The HTTP API; only together with the ID server. */
  API;

  /** Its name in settings and in the cluster. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
