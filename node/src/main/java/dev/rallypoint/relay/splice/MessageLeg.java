package dev.rallypoint.relay.splice;

import dev.rallypoint.relay.session.EndReason;
import java.util.List;
import org.apache.pekko.util.ByteString;

/** A leg that gives and takes whole messages. Methods are for any thread and do not block. */
sealed interface MessageLeg permits FramedTcpLeg, WebSocketLeg {

  /** Becomes part of a session; gives nothing before {@link #more}. */
  void attach(BridgedSession bridge, BridgeDirection outgoing, BridgeDirection incoming);

  /** Sends messages, empty ones too, and tells its incoming lane when they are written. */
  void take(List<ByteString> messages);

  /** What was given last is written: the next may be given. */
  void more();

  /** Nothing more comes: half-closes once all is written, and tells its incoming lane. */
  void finish();

  /** The session is over. */
  void end(EndReason reason);
}
