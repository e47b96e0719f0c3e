package dev.rallypoint.relay.handshake;

import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.relay.loop.LegPhase;
import dev.rallypoint.relay.loop.TcpLeg;
import dev.rallypoint.relay.session.EndReason;
import dev.rallypoint.transport.ClientConnection;
import dev.rallypoint.transport.ProxyHeader;
import java.nio.ByteBuffer;

/** A connection of a proxy whose PROXY protocol header is not read yet. */
final class AwaitingProxyHeader implements LegPhase {
  private final ProxyHeader header = new ProxyHeader();
  private final ClientConnection connection;
  private final AwaitingRequest next;

  /**
   * @param connection is told which client the header names
   * @param next the phase behind the header, whose deadline counts for both
   */
  AwaitingProxyHeader(ClientConnection connection, AwaitingRequest next) {
    this.connection = connection;
    this.next = next;
  }

  @Override
  public void onReadable(TcpLeg leg, long now) {
    ByteBuffer scratch = leg.loop().scratch();
    int read = leg.read(scratch);
    if (read > 0) {
      on(header.feed(scratch.flip()), leg, now);
    } else if (read < 0) {
      header.onEnd().ifPresent(leg.context().counters()::dropped);
      onClose(leg, EndReason.GONE);
    }
  }

  @Override
  public long deadline() {
    return next.deadline();
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
      case ProxyHeader.Outcome.Read read when connection.onHeader(read.client()) -> {
        header.close();
        leg.enter(next);
        next.take(ByteBuffer.wrap(read.rest()), leg, now);
      }
      case ProxyHeader.Outcome.Read refused -> onClose(leg, EndReason.GONE);
    }
  }

  private void refuse(TcpLeg leg, DropReason reason) {
    header.close();
    leg.refuse(reason);
  }
}
