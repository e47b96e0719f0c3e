package dev.rallypoint.relay.bridge;

import java.util.List;
import org.apache.pekko.util.ByteString;

/**
 * A leg of a bridged session, which sends and receives whole messages. Methods are for any thread
 * and do not block.
 */
public interface MessageLeg {

  /**
   * Becomes part of a session; gives nothing before {@link #more}.
   *
   * @param outgoing takes what the leg's client sends
   * @param incoming takes reports about what is sent to the client
   */
  void attach(BridgedSession session, BridgeDirection outgoing, BridgeDirection incoming);

  /** Sends messages, empty ones too, and reports to its incoming direction when all are written. */
  void take(List<ByteString> messages);

  /** What was given last is written: the next batch may be given. */
  void more();

  /** Half-closes once all is written, and reports to its incoming direction. */
  void finish();
}
