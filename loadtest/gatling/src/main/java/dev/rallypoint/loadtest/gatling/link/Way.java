package dev.rallypoint.loadtest.gatling.link;

/** How messages are carried. */
public enum Way {
  /** One message in a datagram; the default of a registration. */
  UDP,
  /** Frames on a TCP connection. */
  TCP,
  /** One message in a binary message of a WebSocket; on two ports of its own. */
  WEBSOCKET
}
