package dev.rallypoint.clustering;

import dev.rallypoint.protocol.proto.RegisterPkResponse.Result;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.testing.FrameClient;
import dev.rallypoint.testing.TestNode;
import dev.rallypoint.testing.UdpClient;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** A peer that is registered and hears pushes, whatever way it came in. */
final class Target implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(45);

  private final BlockingQueue<RendezvousMessage> pushes = new LinkedBlockingQueue<>();
  private final Runnable end;
  private final AtomicInteger beats;

  private Target(Supplier<RendezvousMessage> next, Runnable end) {
    this(next, end, new AtomicInteger());
  }

  private Target(Supplier<RendezvousMessage> next, Runnable end, AtomicInteger beats) {
    this.end = end;
    this.beats = beats;
    Thread.ofVirtual().start(() -> readAll(next));
  }

  /** The ways a peer can be at home. */
  enum Way {
    UDP,
    TCP,
    WEB_SOCKET;

    Target register(TestNode node, String id) {
      return switch (this) {
        case UDP -> of(node.udp().registered(id));
        case TCP -> linked(node.control().secured(node.key()), id);
        case WEB_SOCKET -> linked(node.webSocket(), id);
      };
    }
  }

  /** A peer that has registered by UDP. */
  static Target of(UdpClient peer) {
    return new Target(peer::receive, peer::close);
  }

  private static Target linked(FrameClient peer, String id) {
    Result result =
        peer.send(UdpClient.claimOf(id, "uuid of " + id, id.hashCode()))
            .receive()
            .getRegisterPkResponse()
            .getResult();
    if (result != Result.OK) {
      throw new AssertionError(id + ": " + result);
    }
    AtomicInteger beats = new AtomicInteger();
    return new Target(() -> afterBeats(peer, beats), peer::close, beats);
  }

  private static RendezvousMessage afterBeats(FrameClient peer, AtomicInteger beats) {
    while (true) {
      RendezvousMessage message = peer.receive();
      if (message.equals(RendezvousMessage.getDefaultInstance())) {
        peer.sendFrame(new byte[0]);
        beats.incrementAndGet();
      } else {
        return message;
      }
    }
  }

  private void readAll(Supplier<RendezvousMessage> next) {
    while (true) {
      try {
        RendezvousMessage message = next.get();
        // A late answer to a heartbeat or to a key is no push.
        if (!message.hasRegisterPeerResponse() && !message.hasRegisterPkResponse()) {
          pushes.add(message);
        }
      } catch (AssertionError silence) {
        if (!String.valueOf(silence.getMessage()).startsWith("nothing came")) {
          return;
        }
      } catch (RuntimeException closed) {
        return;
      }
    }
  }

  /** How many of the node's heartbeats its link has answered. */
  int beats() {
    return beats.get();
  }

  Optional<RendezvousMessage> pushWithin(Duration patience) {
    try {
      return Optional.ofNullable(pushes.poll(patience.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  RendezvousMessage push() {
    return pushWithin(PATIENCE).orElseThrow(() -> new AssertionError("no push came"));
  }

  @Override
  public void close() {
    end.run();
  }
}
