package dev.rallypoint.app.doctor;

/** What the answer of one port means. */
public final class ListenerVerdicts {
  private ListenerVerdicts() {}

  /** A port that every client needs. */
  public static Finding required(Check check, String address, Contact contact) {
    ClientVerdict verdict =
        switch (contact) {
          case ANSWERED -> ClientVerdict.PORT_ANSWERS;
          case REFUSED -> ClientVerdict.PORT_REFUSED;
          case DROPPED -> ClientVerdict.PORT_DROPPED;
          case CLOSED -> ClientVerdict.PORT_CLOSED;
          case SILENT -> ClientVerdict.PORT_SILENT;
          case FOREIGN -> ClientVerdict.PORT_FOREIGN;
        };
    return new Finding(check, verdict, address + ": " + contact.words());
  }

  /** UDP of the ID server; only a refusal and an answer can be told from silence. */
  public static Finding udp(String address, Contact contact) {
    ClientVerdict verdict =
        switch (contact) {
          case ANSWERED -> ClientVerdict.UDP_ANSWERS;
          case REFUSED -> ClientVerdict.UDP_REFUSED;
          default -> ClientVerdict.UDP_BLOCKED;
        };
    return new Finding(Check.UDP, verdict, address + "/udp: " + udpWords(contact));
  }

  private static String udpWords(Contact contact) {
    return switch (contact) {
      case ANSWERED -> "answers";
      case REFUSED -> "nothing listens";
      case FOREIGN -> "answers nothing that a server of RustDesk says";
      default -> "no answer to three datagrams";
    };
  }

  /**
   * The port of the HTTP API.
   *
   * @param status of the answer, or 0 without one
   */
  public static Finding api(String address, Contact contact, int status) {
    if (contact == Contact.ANSWERED) {
      // A path that is none of the API's was asked for.
      String words = status == 404 ? "answers" : "HTTP " + status;
      return new Finding(Check.API, ClientVerdict.API_ANSWERS, address + ": " + words);
    }
    return new Finding(Check.API, ClientVerdict.API_MISSING, address + ": " + contact.words());
  }
}
