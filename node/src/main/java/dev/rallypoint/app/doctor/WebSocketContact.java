package dev.rallypoint.app.doctor;

/**
 * How a WebSocket port, or a path of a proxy, answered.
 *
 * @param url what was asked
 * @param contact how the listener answered; {@code ANSWERED} when the service behind it did
 * @param status of an HTTP answer that was not the upgrade, or 0
 */
public record WebSocketContact(String url, Contact contact, int status) {
  /** An answer without an HTTP status. */
  public static WebSocketContact of(String url, Contact contact) {
    return new WebSocketContact(url, contact, 0);
  }

  /** An HTTP answer that was not the upgrade. */
  public static WebSocketContact refused(String url, int status) {
    return new WebSocketContact(url, Contact.FOREIGN, status);
  }

  /** The row of a way to the ID server. */
  public Finding ofIdServer(Check check) {
    // The relay closes what is no request of its own.
    return row(
        check, contact == Contact.CLOSED ? ClientVerdict.WEBSOCKET_PATH_WRONG : verdict(), words());
  }

  /** The row of a way to the relay, which closes what it refuses. */
  public Finding ofRelay(Check check, boolean isKeyGiven) {
    return contact == Contact.CLOSED
        ? row(check, RelayVerdicts.refused(isKeyGiven), "the relay closes both sides")
        : row(check, verdict(), words());
  }

  private Finding row(Check check, ClientVerdict verdict, String words) {
    return new Finding(check, verdict, url + ": " + words);
  }

  private ClientVerdict verdict() {
    return switch (contact) {
      case ANSWERED -> ClientVerdict.WEBSOCKET_ANSWERS;
      case REFUSED, DROPPED -> ClientVerdict.PORT_NOT_OPEN;
      // The upgrade was done, and what is behind it is not what the path is for.
      case CLOSED, SILENT -> ClientVerdict.WEBSOCKET_PATH_WRONG;
      case FOREIGN ->
          switch (status) {
            case 0, 400, 426 -> ClientVerdict.WEBSOCKET_NOT_UPGRADED;
            case 500, 502, 503, 504 -> ClientVerdict.WEBSOCKET_BACKEND_DOWN;
            default -> ClientVerdict.WEBSOCKET_PATH_WRONG;
          };
    };
  }

  private String words() {
    return switch (contact) {
      case CLOSED, SILENT -> "a WebSocket, but not the one that belongs here";
      case FOREIGN -> status == 0 ? "no WebSocket" : "HTTP " + status + " instead of a WebSocket";
      default -> contact.words();
    };
  }
}
