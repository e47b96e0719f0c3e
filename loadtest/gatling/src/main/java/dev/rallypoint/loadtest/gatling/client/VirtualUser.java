package dev.rallypoint.loadtest.gatling.client;

import dev.rallypoint.loadtest.gatling.link.ClientRuntime;
import dev.rallypoint.loadtest.gatling.link.Connector;
import dev.rallypoint.loadtest.gatling.link.Way;
import io.netty.channel.EventLoop;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * One simulated person or device: its number, its source address, and what it holds open. Used on
 * its event loop only.
 */
public final class VirtualUser implements AutoCloseable {
  private final ClientRuntime runtime;
  private final EventLoop loop;
  private final long number;
  private final RequestLog log;
  private final Connector connector;
  private @Nullable Peer peer;
  private @Nullable RelaySession relay;

  /**
   * A user who holds nothing open.
   *
   * @param number unique among all generators of a run
   * @param log where answers to pushes are logged
   */
  public VirtualUser(ClientRuntime runtime, EventLoop loop, long number, RequestLog log) {
    this.runtime = runtime;
    this.loop = loop;
    this.number = number;
    this.log = log;
    this.connector = new Connector(runtime);
  }

  /** What all users share. */
  public ClientRuntime runtime() {
    return runtime;
  }

  /** The number, from which server and source address follow. */
  public long number() {
    return number;
  }

  /** The peer of this user, or null before its first registration. */
  public @Nullable Peer peer() {
    return peer;
  }

  /** Makes the user a peer with an identity; a peer that it was before is closed. */
  public Peer becomePeer(Identity identity, Way way, long server) {
    Peer before = peer;
    if (before != null && before.isOf(identity, way)) {
      return before;
    }
    if (before != null) {
      before.close();
    }
    Peer made = new Peer(this, identity, way, server);
    peer = made;
    return made;
  }

  /** The peer is no more; its link is closed. */
  public void leave() {
    Peer before = peer;
    peer = null;
    if (before != null) {
      before.close();
    }
  }

  /** The relayed session of this user, or null. */
  public @Nullable RelaySession relay() {
    return relay;
  }

  /** Takes a relayed session over; one that it had before is closed. */
  public void takeRelay(@Nullable RelaySession session) {
    RelaySession before = relay;
    relay = session;
    if (before != null) {
      before.close();
    }
  }

  EventLoop loop() {
    return loop;
  }

  RequestLog log() {
    return log;
  }

  Connector connector() {
    return connector;
  }

  @Nullable InetAddress source() {
    return runtime.settings().sources().of(number);
  }

  /** Closes all that the user holds open; may be called from any thread. */
  @Override
  public void close() {
    if (loop.inEventLoop()) {
      closeAll();
    } else if (!loop.isShuttingDown()) {
      loop.execute(this::closeAll);
    }
  }

  private void closeAll() {
    leave();
    takeRelay(null);
  }
}
