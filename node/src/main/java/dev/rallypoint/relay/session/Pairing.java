package dev.rallypoint.relay.session;

/**
 * Two legs that were introduced to each other.
 *
 * @param first the one that waited
 * @param second the one that came later; its home dials, if there is anything to dial
 * @param ticket for the pipe between their homes
 */
record Pairing(RelaySession.Join first, RelaySession.Join second, Ticket ticket) {

  /** What the home of one of the two is told. */
  SessionReply.Introduced toldTo(LegRef leg, String uuid) {
    RelaySession.Join a = first.side() == SessionSide.A ? first : second;
    RelaySession.Join b = a == first ? second : first;
    boolean dials = !ticket.isNone() && leg.equals(second.leg());
    return new SessionReply.Introduced(
        leg.number(),
        uuid,
        a.leg(),
        b.leg(),
        a.connType(),
        ticket,
        dials ? first.backhaul() : BackhaulAddress.NONE);
  }
}
