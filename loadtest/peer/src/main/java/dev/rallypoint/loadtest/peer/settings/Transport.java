package dev.rallypoint.loadtest.peer.settings;

/** How a client reaches the servers. */
public enum Transport {
  /** Registers over UDP and uses TCP for the rest: a fresh install. */
  UDP,
  /** Registers over TCP: the user has disabled UDP, or uses a proxy. */
  TCP,
  /** Uses WebSocket for everything. */
  WS,
  /** Uses WebSocket over TLS for everything. */
  WSS;

  /** Whether every connection to a server is a WebSocket; such a client is always relayed. */
  public boolean isWebSocket() {
    return this == WS || this == WSS;
  }
}
