package dev.rallypoint.app.doctor;

/** How a listener answered a question. */
public enum Contact {
  /** As the protocol has it. */
  ANSWERED,
  /** The connection was refused: the machine is there, and nothing listens on the port. */
  REFUSED,
  /** Nothing came back in time, or there is no route. */
  DROPPED,
  /** The connection was taken, and closed before an answer. */
  CLOSED,
  /** The connection was taken, and no answer came in time. */
  SILENT,
  /** The answer is not that of this protocol. */
  FOREIGN;

  /** In a few words, for what was seen. */
  public String words() {
    return switch (this) {
      case ANSWERED -> "answers";
      case REFUSED -> "connection refused";
      case DROPPED -> "no answer to a connection";
      case CLOSED -> "closed without an answer";
      case SILENT -> "open, but no answer";
      case FOREIGN -> "another program answers";
    };
  }
}
