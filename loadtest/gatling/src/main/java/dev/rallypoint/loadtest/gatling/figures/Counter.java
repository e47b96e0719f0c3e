package dev.rallypoint.loadtest.gatling.figures;

/** Events outside the requests that are counted over a whole run. */
public enum Counter {
  /** Answers that came when nothing waited for one: after the time limit, or twice. */
  LATE_ANSWERS("late answers"),
  /** Pushes of one requester within 100 ms of each other, which a client drops. */
  DUPLICATE_PUSHES("duplicate pushes"),
  /** Messages that a client does not handle, such as ConfigUpdate. */
  IGNORED_MESSAGES("ignored messages"),
  /** Empty frames of a server, each answered by one. */
  KEEP_ALIVES("keep-alives"),
  /** Heartbeats that the server answered with a request for the key. */
  KEY_REQUESTS("key requests"),
  /** Connections of registered peers that the server has closed. */
  LINKS_LOST("links lost"),
  /** Errors of sockets that no request waited on, such as ICMP port unreachable. */
  SOCKET_ERRORS("socket errors"),
  /** Exceptions in the load generator itself. None is expected. */
  GENERATOR_ERRORS("generator errors"),
  /** Lines of level ERROR in the log of the run, such as of a crashed exec block. */
  LOGGED_ERRORS("logged errors");

  private final String text;

  Counter(String text) {
    this.text = text;
  }

  /** The name in the JSON of figures. */
  public String text() {
    return text;
  }
}
