package dev.rallypoint.relay.splice;

import dev.rallypoint.relay.session.EndReason;

/** What a leg is in the middle of. All methods are called on the loop that the leg is on. */
sealed interface LegPhase
    permits AwaitingProxyHeader,
        AwaitingRequest,
        AwaitingTicket,
        AwaitingPartner,
        ConsoleReply,
        SplicedSession,
        FramedTcpLeg {

  /** The leg's socket has bytes, or its end. */
  void onReadable(Leg leg, long now);

  /** The leg's socket takes bytes again. */
  void onWritable(Leg leg, long now);

  /** The leg's own deadline may have come. */
  void onDeadline(Leg leg, long now);

  /** The leg is to be closed: the node stops, or something went wrong with it. */
  void onAbandoned(Leg leg, EndReason reason);
}
