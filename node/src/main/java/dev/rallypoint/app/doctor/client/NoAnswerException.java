package dev.rallypoint.app.doctor.client;

import dev.rallypoint.app.doctor.Contact;
import java.io.IOException;
import java.net.ConnectException;
import java.net.PortUnreachableException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;

/** A question that was not answered as the protocol has it. */
final class NoAnswerException extends IOException {
  private final Contact contact;

  NoAnswerException(Contact contact) {
    super(contact.words());
    this.contact = contact;
  }

  /** What a failure to connect means. */
  static NoAnswerException ofConnecting(IOException failure) {
    String words = String.valueOf(failure.getMessage());
    boolean isRefused =
        failure instanceof PortUnreachableException
            // Java's HTTP client leaves the message out.
            || failure instanceof ConnectException
                && (words.equals("null") || words.contains("refused"));
    return new NoAnswerException(isRefused ? Contact.REFUSED : Contact.DROPPED);
  }

  /** What a failure of Java's HTTP client means. */
  static NoAnswerException ofHttp(IOException failure) {
    return switch (failure) {
      case HttpConnectTimeoutException _ -> new NoAnswerException(Contact.DROPPED);
      case HttpTimeoutException _ -> new NoAnswerException(Contact.SILENT);
      case SocketException _ -> ofConnecting(failure);
      default -> new NoAnswerException(Contact.FOREIGN);
    };
  }

  /** What a failure to read an answer means. */
  static NoAnswerException ofReading(IOException failure) {
    return failure instanceof NoAnswerException already
        ? already
        : new NoAnswerException(
            failure instanceof SocketTimeoutException ? Contact.SILENT : Contact.CLOSED);
  }

  /** How the listener answered instead. */
  Contact contact() {
    return contact;
  }
}
