package dev.rallypoint.protocol.frame;

/** A byte stream that breaks the framing rules; the connection it came from must be closed. */
public final class FrameException extends Exception {

  /**
   * @param message what the stream announced and what is allowed
   */
  public FrameException(String message) {
    super(message);
  }
}
