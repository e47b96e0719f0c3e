package dev.rallypoint.relay.splice;

import dev.rallypoint.relay.session.EndReason;
import dev.rallypoint.relay.session.Ticket;
import dev.rallypoint.transport.ConsoleCommand;

/** What the loops tell the node's actor; called on a loop's thread, so it must not block. */
public interface LegListener {

  /** A leg's first frame was taken; it now waits for its partner. */
  void onAdmitted(RelayLeg leg, RelayHandshake.Verdict.Admitted request);

  /** A loopback connection is a console; it waits for its answer. */
  void onCommand(Leg leg, ConsoleCommand command);

  /** A pipe from another node showed its ticket; it now waits to be let in. */
  void onTicket(Leg pipe, Ticket ticket);

  /** A leg's connection is closed: once for each leg, whatever it was. */
  void onClosed(RelayLeg leg);

  /** A loop ended without being told to: what the relay is asked for from now on it cannot do. */
  void onLoopLost(Throwable why);

  /** A session is over: once for each that was begun, before its legs' closing. */
  void onEnded(LiveSession session, EndReason reason);
}
