package dev.rallypoint.protocol.secure;

/** Bytes of a handshake or of an encrypted frame that are not genuine; the link must be closed. */
public final class HandshakeException extends Exception {

  /**
   * @param message what is wrong, without any key material
   */
  public HandshakeException(String message) {
    super(message);
  }
}
