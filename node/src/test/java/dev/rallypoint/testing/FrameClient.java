package dev.rallypoint.testing;

import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.proto.TestNatRequest;
import org.jspecify.annotations.Nullable;

/** A client's connection, whatever way it came in. */
public interface FrameClient extends AutoCloseable {
  /** A request that the ID server answers at once, by UDP and on each of its TCP ports. */
  RendezvousMessage NAT_TEST =
      RendezvousMessage.newBuilder().setTestNatRequest(TestNatRequest.newBuilder()).build();

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

  /**
   * Whether the server sent nothing here since the last read: the next message is the answer to a
   * NAT test that is sent now. The server answers the messages of one connection in their order.
   */
  default boolean nothingElseCame() {
    return send(NAT_TEST).receive().hasTestNatResponse();
  }

  @Override
  void close();
}
