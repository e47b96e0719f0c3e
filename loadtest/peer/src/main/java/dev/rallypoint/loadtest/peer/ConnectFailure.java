package dev.rallypoint.loadtest.peer;

/** Thrown when a requester does not reach its target; the message is what the user would see. */
public final class ConnectFailure extends Exception {
  private static final long serialVersionUID = 1L;

  private final Reason reason;

  /** Why an attempt failed. */
  public enum Reason {
    /** The server does not know the id. */
    ID_DOES_NOT_EXIST,
    /** The server knows the id, but its registration has expired. */
    OFFLINE,
    /** The server requires another access key. */
    KEY_MISMATCH,
    /** The server says that the key is used by too many clients. */
    KEY_OVERUSE,
    /** The server sent its own text in other_failure. */
    OTHER_FAILURE,
    /** The server or the target sent its own text in refuse_reason. */
    RELAY_REFUSED,
    /** The KeyExchange with the server or the handshake with the peer failed. */
    HANDSHAKE_FAILED,
    /** No usable answer came to any of the requests. */
    NO_ANSWER,
    /** A socket failed. */
    CONNECTION_ERROR
  }

  /**
   * @param reason the kind of failure
   * @param text the text that the user would see
   */
  public ConnectFailure(Reason reason, String text) {
    super(text);
    this.reason = reason;
  }

  ConnectFailure(Reason reason, Throwable cause) {
    super(String.valueOf(cause.getMessage()), cause);
    this.reason = reason;
  }

  /** The kind of failure. */
  public Reason reason() {
    return reason;
  }
}
