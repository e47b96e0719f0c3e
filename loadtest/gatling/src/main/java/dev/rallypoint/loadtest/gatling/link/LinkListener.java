package dev.rallypoint.loadtest.gatling.link;

import dev.rallypoint.protocol.proto.RendezvousMessage;

/** Told what happens on a link, on its event loop. */
public interface LinkListener {
  /** The link can be used; told once, unless {@link #openFailed} is. */
  void opened(Link link);

  /** The link cannot be used. */
  void openFailed(Failure failure);

  /** A message that nobody waits for. */
  default void pushed(Link link, RendezvousMessage message) {}
}
