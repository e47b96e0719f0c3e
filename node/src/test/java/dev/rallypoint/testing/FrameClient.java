package dev.rallypoint.testing;

import dev.rallypoint.protocol.proto.RendezvousMessage;
import org.jspecify.annotations.Nullable;

/** A client's connection, whatever way it came in. */
public interface FrameClient extends AutoCloseable {

  /** Sends one payload. */
  FrameClient sendFrame(byte[] payload);

  /** The next payload, or null at the end. */
  byte @Nullable [] receiveFrame();

  /** The next message. */
  RendezvousMessage receive();

  /** Sends no more, but still reads. */
  FrameClient endOutput();

  /** Sends one message. */
  FrameClient send(RendezvousMessage message);

  @Override
  void close();
}
