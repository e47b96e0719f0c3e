package dev.rallypoint.relay.loop;

import dev.rallypoint.relay.session.EndReason;
import dev.rallypoint.relay.session.Ticket;
import dev.rallypoint.transport.ConsoleCommand;
import java.util.function.Consumer;

/**
 * What the legs and sessions of the loops report to the node's actors. Called on a loop's or a
 * stream's thread, so it must not block.
 */
public interface LegListener {

  /** A leg's first frame was taken; it now waits for its partner. */
  void onAdmitted(RelayLeg leg, RelayHandshake.Verdict.Admitted request);

  /**
   * A console command was received.
   *
   * @param reply sends the reply and closes the connection; for any thread
   */
  void onCommand(ConsoleCommand command, Consumer<String> reply);

  /** A pipe from another node has sent its ticket; it now waits to be accepted. */
  void onTicket(TcpLeg pipe, Ticket ticket);

  /** A leg's connection is closed: once for each leg. */
  void onClosed(RelayLeg leg);

  /** A loop ended without being told to: the relay cannot go on. */
  void onLoopLost(Throwable why);

  /**
   * A session is over: once for each, before its legs are closed.
   *
   * @param bytes relayed, both directions
   */
  void onEnded(LegPair legs, long bytes, EndReason reason);
}
