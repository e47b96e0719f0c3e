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

  /** A leg was refused, and only for its access key; it asked for this. */
  void onKeyRefused(RelayHandshake.Verdict.Admitted wanted);

  /** A console command was received; {@code reply} replies and closes, from any thread. */
  void onCommand(ConsoleCommand command, Consumer<String> reply);

  /** A backhaul connection has sent its ticket; it now waits to be accepted. */
  void onTicket(TcpLeg leg, Ticket ticket);

  /** A leg's connection is closed: once for each leg. */
  void onClosed(RelayLeg leg);

  /** A loop ended without being told to: the relay cannot go on. */
  void onLoopLost(Throwable why);

  /** A session is over, with its bytes both ways: once for each, before its legs are closed. */
  void onEnded(LegPair legs, long bytes, EndReason reason);
}
