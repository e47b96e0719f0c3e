package dev.rallypoint.app.doctor.client;

import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.proto.RendezvousMessage;

/** A connection to the ID server or the relay, by TCP or WebSocket. For one thread at a time. */
interface MessageLink extends AutoCloseable {
  /** Sends a message. */
  void send(RendezvousMessage message) throws NoAnswerException;

  /** The next message that is no KeyExchange and not empty; waits some seconds at most. */
  default RendezvousMessage answer() throws NoAnswerException {
    RendezvousMessage next = receive();
    while (next.hasKeyExchange()
        || next.getUnionCase() == RendezvousMessage.UnionCase.UNION_NOT_SET) {
      next = receive();
    }
    return next;
  }

  /** The next message; waits some seconds at most. */
  RendezvousMessage receive() throws NoAnswerException;

  /** This machine's address on the connection; port 0 where it is not known. */
  PeerAddress local();

  @Override
  void close();
}
