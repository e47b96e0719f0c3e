package dev.rallypoint.relay;

/**
 * Two legs that were introduced to each other.
 *
 * @param first the one that waited
 * @param second the one that came later; its home dials, if there is anything to dial
 * @param ticket for the pipe between their homes
 */
record Pairing(RelaySession.Join first, RelaySession.Join second, Ticket ticket) {

  /** What the home of one of the two is told. */
  LegAnswer.Introduced toldTo(LegName leg, String uuid) {
    RelaySession.Join a = first.side() == Side.A ? first : second;
    RelaySession.Join b = a == first ? second : first;
    boolean dials = !ticket.isNone() && leg.equals(second.leg());
    return new LegAnswer.Introduced(
        leg.number(),
        uuid,
        a.leg(),
        b.leg(),
        a.connType(),
        ticket,
        dials ? first.backhaul() : BackhaulAddress.NONE);
  }
}
