package dev.rallypoint.relay.session;

/**
 * Two legs that a session has made partners.
 *
 * @param first the one that waited
 * @param second the one that came later; its node dials the other, if they are on two nodes
 * @param ticket for the backhaul connection between their nodes
 */
record Pairing(SessionCommand.Join first, SessionCommand.Join second, Ticket ticket) {

  /** The reply to the node of one of the two. */
  SessionReply.Paired replyTo(LegRef leg, String uuid) {
    SessionCommand.Join a = first.side() == SessionSide.A ? first : second;
    SessionCommand.Join b = a == first ? second : first;
    boolean dials = !ticket.isNone() && leg.equals(second.leg());
    return new SessionReply.Paired(
        leg.number(),
        uuid,
        a.leg(),
        b.leg(),
        a.connType(),
        ticket,
        dials ? first.backhaul() : BackhaulAddress.NONE);
  }
}
