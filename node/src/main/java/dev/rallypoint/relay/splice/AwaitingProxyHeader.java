package dev.rallypoint.relay.splice;

import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.relay.session.EndReason;
import dev.rallypoint.transport.ProxyHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** A proxy's leg that has not said whose it is. */
final class AwaitingProxyHeader implements LegPhase {
  private final ProxyHeader header = new ProxyHeader();
  private final RelayDoor door;
  private final long begun;
  private final Duration handshake;
  private boolean hasSpoken;

  /**
   * @param handshake how long the header and the first frame may take together
   */
  AwaitingProxyHeader(RelayDoor door, long now, Duration handshake) {
    this.door = door;
    this.begun = now;
    this.handshake = handshake;
  }

  long deadline() {
    return begun + handshake.toNanos();
  }

  @Override
  public void onReadable(Leg leg, long now) {
    ByteBuffer scratch = leg.loop().scratch();
    int read;
    try {
      read = leg.channel().read(scratch);
    } catch (IOException e) {
      read = -1;
    }
    if (read > 0) {
      hasSpoken = true;
      on(header.feed(scratch.flip()), leg, now);
    } else if (read < 0 && hasSpoken) {
      refuse(leg, DropReason.PROXY_HEADER);
    } else if (read < 0) {
      end(leg); // an empty connection is a port probe: no drop
    }
  }

  @Override
  public void onWritable(Leg leg, long now) {}

  @Override
  public void onDeadline(Leg leg, long now) {
    if (now >= deadline()) {
      refuse(leg, DropReason.CONNECTION_SILENT);
    } else {
      leg.loop().wheel().schedule(leg, deadline());
    }
  }

  @Override
  public void onAbandoned(Leg leg, EndReason reason) {
    end(leg);
  }

  private void on(ProxyHeader.Outcome outcome, Leg leg, long now) {
    switch (outcome) {
      case ProxyHeader.Outcome.Unfinished unfinished -> {}
      case ProxyHeader.Outcome.Broken broken -> refuse(leg, DropReason.PROXY_HEADER);
      case ProxyHeader.Outcome.Read(Optional<PeerAddress> client, byte[] rest) -> {
        client.ifPresent(named -> leg.loop().counters().count(Event.CONNECTIONS_PROXIED));
        PeerAddress whose = client.orElse(leg.address());
        if (door.admitNamed(whose)) {
          header.close();
          leg.introduce(whose);
          // No console for whom a proxy let in.
          AwaitingRequest opening = new AwaitingRequest(new FirstBytes(Set.of()), begun, handshake);
          leg.become(opening);
          opening.take(ByteBuffer.wrap(rest), leg, now);
        } else {
          end(leg);
        }
      }
    }
  }

  private void refuse(Leg leg, DropReason reason) {
    leg.loop().counters().dropped(reason);
    end(leg);
  }

  private void end(Leg leg) {
    header.close();
    leg.close();
  }
}
