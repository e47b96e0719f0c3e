package dev.rallypoint.protocol.frame;

/** Puts payloads into frames for TCP; see {@link FrameHeader} for the bytes. */
public final class FrameEncoder {
  private FrameEncoder() {}

  /** A new array of header and payload. An empty payload gives the one byte {@code 00}. */
  public static byte[] encode(byte[] payload) {
    byte[] frame = new byte[FrameHeader.size(payload.length) + payload.length];
    int at = FrameHeader.write(payload.length, frame, 0);
    System.arraycopy(payload, 0, frame, at, payload.length);
    return frame;
  }
}
