package dev.rallypoint.loadtest.gatling.client;

import dev.rallypoint.loadtest.gatling.link.Failure;
import io.netty.buffer.ByteBuf;

/**
 * The end of a peer that has agreed to a relay: sends back what comes, until the session ends. Its
 * connect is logged as a request.
 */
final class RelayEcho implements RelayLeg.Listener {
  /** The request name of the connect. */
  static final String REQUEST = "push relay connect";

  private final VirtualUser user;
  private final String uuid;
  private final long start = System.nanoTime();
  private boolean isLogged;

  RelayEcho(VirtualUser user, String uuid) {
    this.user = user;
    this.uuid = uuid;
  }

  @Override
  public void opened(RelayLeg leg) {
    leg.send(RelayMessages.ofTarget(uuid, user.runtime().settings().key()));
    leg.send(RelayMessages.HELLO);
    leg.countBytes();
    isLogged = true;
    user.log().ok(REQUEST, start);
  }

  @Override
  public void bytes(RelayLeg leg, ByteBuf bytes) {
    leg.write(bytes);
    leg.flush();
    if (!leg.isWritable()) {
      leg.setReading(false);
    }
  }

  @Override
  public void writable(RelayLeg leg) {
    leg.setReading(true);
  }

  @Override
  public void ended(Failure failure) {
    if (!isLogged) {
      isLogged = true;
      user.log().ko(REQUEST, start, failure);
    }
  }
}
