package dev.rallypoint.loadtest;

/** A requester did not reach its target; carries what the client's user would be shown. */
public final class ConnectFailure extends Exception {
  private static final long serialVersionUID = 1L;

  private final Reason reason;

  /** Why an attempt ended. */
  public enum Reason {
    /** The server does not know the id. */
    ID_DOES_NOT_EXIST,
    /** The server knows the id and holds no fresh registration of it. */
    OFFLINE,
    /** The server wants another access key. */
    KEY_MISMATCH,
    /** The server says that the key is used too much. */
    KEY_OVERUSE,
    /** The server's own words, by other_failure. */
    OTHER_FAILURE,
    /** The server's or the target's own words, by refuse_reason. */
    RELAY_REFUSED,
    /** The KeyExchange with the server, or the handshake with the peer, failed. */
    HANDSHAKE_FAILED,
    /** No usable answer in all attempts. */
    NO_ANSWER,
    /** A socket failed. */
    CONNECTION_ERROR
  }

  /**
   * @param reason what kind of end it is
   * @param text the words for it
   */
  public ConnectFailure(Reason reason, String text) {
    super(text);
    this.reason = reason;
  }

  ConnectFailure(Reason reason, Throwable cause) {
    super(String.valueOf(cause.getMessage()), cause);
    this.reason = reason;
  }

  /** What kind of end it is. */
  public Reason reason() {
    return reason;
  }
}
