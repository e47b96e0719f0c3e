package dev.rallypoint.loadtest;

/** How a client reaches its servers. */
public enum Transport {
  /** Registers over UDP, the rest over TCP: a fresh install. */
  UDP,
  /** Registers over TCP: the user switched UDP off, or there is a proxy. */
  TCP,
  /** WebSocket for everything. */
  WS,
  /** The same over TLS. */
  WSS;

  /** Whether every connection to a server is a WebSocket; such a client never punches. */
  public boolean isWebSocket() {
    return this == WS || this == WSS;
  }
}
