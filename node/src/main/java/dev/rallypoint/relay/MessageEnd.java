package dev.rallypoint.relay;

import java.util.List;
import org.apache.pekko.util.ByteString;

/** A leg that gives and takes whole messages. Methods are for any thread and do not block. */
sealed interface MessageEnd permits Reframing, StreamLeg {

  /** Becomes part of a session; gives nothing before {@link #more}. */
  void attach(Bridge bridge, Lane outgoing, Lane incoming);

  /** Sends messages, empty ones too, and tells its incoming lane when they are written. */
  void take(List<ByteString> messages);

  /** What was given last is written: the next may be given. */
  void more();

  /** Nothing more comes: half-closes once all is written, and tells its incoming lane. */
  void finish();

  /** The session is over. */
  void end(EndReason reason);
}
