package dev.rallypoint.relay.splice;

import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.relay.session.EndReason;
import dev.rallypoint.transport.ClientConnection;
import dev.rallypoint.transport.ProxyHeader;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A connection of a proxy whose PROXY protocol header is not read yet. */
final class AwaitingProxyHeader implements LegPhase {
  private final ProxyHeader header = new ProxyHeader();
  private final ClientConnection connection;
  private final long begun;
  private final long deadline;

  /**
   * @param connection is told which client the header names
   * @param deadline when the header and the first frame must have come
   */
  private AwaitingProxyHeader(ClientConnection connection, long begun, long deadline) {
    this.connection = connection;
    this.begun = begun;
    this.deadline = deadline;
  }

  /** Begins a leg whose header and first frame may take the time for a handshake together. */
  static void begin(Leg leg, ClientConnection connection, long now) {
    long deadline = now + leg.loop().settings().handshake().toNanos();
    leg.begin(new AwaitingProxyHeader(connection, now, deadline), deadline);
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
      on(header.feed(scratch.flip()), leg, now);
    } else if (read < 0) {
      header.onEnd().ifPresent(leg.loop().counters()::dropped);
      end(leg);
    }
  }

  @Override
  public void onWritable(Leg leg, long now) {}

  @Override
  public void onDeadline(Leg leg, long now) {
    if (now >= deadline) {
      refuse(leg, DropReason.CONNECTION_SILENT);
    } else {
      leg.loop().wheel().schedule(leg, deadline);
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
      case ProxyHeader.Outcome.Read read when connection.onHeader(read.client()) -> {
        header.close();
        AwaitingRequest next = AwaitingRequest.of(leg, connection, begun);
        leg.become(next);
        next.take(ByteBuffer.wrap(read.rest()), leg, now);
      }
      case ProxyHeader.Outcome.Read refused -> end(leg);
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
