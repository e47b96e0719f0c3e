package dev.rallypoint.app.doctor;

import java.util.Locale;

/** What doctor looks at: one row of its table each, in this order. */
public enum Check {
  /** DNS, from a client's place. */
  NAME("whether the name has addresses, and something answers at each"),
  /** UDP of the ID server. */
  UDP("21116/udp: a heartbeat and a NAT test"),
  /** The main port. */
  ID_SERVER("21116/tcp: a NAT test in clear"),
  /** The port below it. */
  NAT_TEST_PORT("21115/tcp: a NAT test, by which clients also ask who is online"),
  /** The encrypted link. */
  ENCRYPTED_LINK("21116/tcp: the key exchange, and a NAT test behind it"),
  /** The server's key. */
  KEY("the given key against what the server signs, on several connections"),
  /** A throw-away id. */
  REGISTRATION("an id of its own, registered as a device does"),
  /** Both sides played by doctor. */
  PUNCH("a connection to that id: the server tells the device, and the device's answer comes back"),
  /** The relay's port. */
  RELAY("the relay that the server names: its name, and its port"),
  /** Bytes through the relay. */
  RELAY_ROUND_TRIP("both sides of a session through the relay: round trip and speed"),
  /** The kind of NAT. */
  NAT("the NAT in front of this machine, by two connections from one local port"),
  /** The address the server sees. */
  ADDRESS("the address of this machine that the server tells the other side"),
  /** Routers on the way. */
  DOUBLE_NAT("the first routers on the way, by traceroute to the server"),
  /** WebSocket without a proxy. */
  WEBSOCKET("21118/tcp: ID server by WebSocket"),
  /** WebSocket of the relay without a proxy. */
  RELAY_WEBSOCKET("21119/tcp: relay by WebSocket"),
  /** WebSocket on port 80. */
  WS_ID("ws://NAME/ws/id, port 80"),
  /** WebSocket of the relay on port 80. */
  WS_RELAY("ws://NAME/ws/relay, port 80"),
  /** WebSocket with TLS. */
  WSS_ID("wss://NAME/ws/id, port 443"),
  /** WebSocket of the relay with TLS. */
  WSS_RELAY("wss://NAME/ws/relay, port 443"),
  /** TLS of port 443. */
  CERTIFICATE("the certificate chain of port 443, its name and the days left"),
  /** The HTTP API. */
  API("21114/tcp: the HTTP API, or the answer that there is none"),
  /** The server's clock. */
  CLOCK("the server's clock against this machine's, by the Date of its HTTP answers"),

  /** What serve would start with. */
  SETTINGS("the settings that 'serve' would start with"),
  /** Names in settings. */
  NAMES("the names in the settings, by DNS"),
  /** Open files. */
  DESCRIPTORS("how many files the running node may open, or this shell where none runs"),
  /** UDP's buffer. */
  UDP_BUFFER("the receive buffer that the kernel grants for UDP"),
  /** The temporary folder. */
  TEMPORARY_FOLDER("whether SQLite's library can be run from the temporary folder"),
  /** Disk space. */
  DISK("the space for the data folder"),
  /** The database. */
  DATABASE("the database: rights, damage, the time of an answer"),
  /** The database's clock. */
  DATABASE_CLOCK("this machine's clock against the database's"),
  /** Ports of the node. */
  PORTS("each port of the node: free, served by a node, or taken by another program"),
  /** Other nodes. */
  MEMBERS("cluster port and backhaul port of each node in the database, from here"),
  /** The node's certificate. */
  NODE_CERTIFICATE("the files of tls-certificate, and the days left");

  private final String question;

  Check(String question) {
    this.question = question;
  }

  /** What it looks at. */
  public String question() {
    return question;
  }

  /** The name in small letters with dashes. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
