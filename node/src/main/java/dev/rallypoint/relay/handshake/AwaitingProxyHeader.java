package dev.rallypoint.relay.handshake;

import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.relay.loop.LegPhase;
import dev.rallypoint.relay.loop.TcpLeg;
import dev.rallypoint.relay.session.EndReason;
import dev.rallypoint.transport.ProxyHeader;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/** A connection of a proxy whose PROXY header is not whole. */
final class AwaitingProxyHeader implements LegPhase {
  private final ProxyHeader header = new ProxyHeader();
  private final RelayDoor door;
  private final long begun;
  private final Duration handshake;
  private boolean hasBytes;

  /**
   * @param handshake how long the header and the first frame may take together
   */
  AwaitingProxyHeader(RelayDoor door, long now, Duration handshake) {
    this.door = door;
    this.begun = now;
    this.handshake = handshake;
  }

  @Override
  public void onReadable(TcpLeg leg, long now) {
    ByteBuffer scratch = leg.loop().scratch();
    int read = leg.read(scratch);
    if (read > 0) {
      hasBytes = true;
      on(header.feed(scratch.flip()), leg, now);
    } else if (read < 0 && hasBytes) {
      refuse(leg, DropReason.PROXY_HEADER);
    } else if (read < 0) {
      onClose(leg, EndReason.GONE); // an empty connection is a port probe: no drop
    }
  }

  @Override
  public long deadline() {
    return begun + handshake.toNanos();
  }

  @Override
  public void onDeadline(TcpLeg leg, long now) {
    refuse(leg, DropReason.CONNECTION_SILENT);
  }

  @Override
  public void onClose(TcpLeg leg, EndReason reason) {
    header.close();
    leg.close();
  }

  private void on(ProxyHeader.Outcome outcome, TcpLeg leg, long now) {
    switch (outcome) {
      case ProxyHeader.Outcome.Unfinished unfinished -> {}
      case ProxyHeader.Outcome.Broken broken -> refuse(leg, DropReason.PROXY_HEADER);
      case ProxyHeader.Outcome.Read(Optional<PeerAddress> client, byte[] rest) -> {
        client.ifPresent(named -> leg.context().counters().count(Event.CONNECTIONS_PROXIED));
        PeerAddress whose = client.orElse(leg.address());
        if (door.admitNamed(whose)) {
          header.close();
          leg.name(whose);
          // No console for clients of a proxy.
          AwaitingRequest request = new AwaitingRequest(new FirstBytes(Set.of()), begun, handshake);
          leg.enter(request);
          request.take(ByteBuffer.wrap(rest), leg, now);
        } else {
          onClose(leg, EndReason.GONE);
        }
      }
    }
  }

  private void refuse(TcpLeg leg, DropReason reason) {
    header.close();
    leg.refuse(reason);
  }
}
