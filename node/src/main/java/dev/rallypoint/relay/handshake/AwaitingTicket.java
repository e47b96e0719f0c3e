package dev.rallypoint.relay.handshake;

import com.google.protobuf.ByteString;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.relay.loop.LegPhase;
import dev.rallypoint.relay.loop.TcpLeg;
import dev.rallypoint.relay.session.Ticket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * A backhaul connection whose ticket is not whole. Not a byte more than the ticket is read: what
 * follows belongs to the session.
 */
public final class AwaitingTicket implements LegPhase {
  /** How long it waits for its session, which this node may learn of a little later. */
  private static final Duration TIMEOUT = Duration.ofSeconds(5);

  /** How long it waits for its session, which this node may learn of a little later. */
  private static final Duration SESSION_TIMEOUT = Duration.ofSeconds(5);

  private final ByteBuffer ticket = ByteBuffer.allocate(Ticket.SIZE);
  private final long deadline;

  /** The phase of a backhaul connection that is begun now. */
  public AwaitingTicket(long now) {
    deadline = now + TIMEOUT.toNanos();
  }

  /** Tells the node at the other end of a backhaul connection that its ticket is accepted. */
  public static void accept(TcpLeg leg) {
    try {
      leg.channel().write(ByteBuffer.wrap(new byte[] {Ticket.ACCEPTED}));
    } catch (IOException e) {
      leg.close();
    }
  }

  @Override
  public void onReadable(TcpLeg leg, long now) {
    if (leg.read(ticket) < 0) {
      leg.refuse(DropReason.BACKHAUL_SILENT);
    } else if (!ticket.hasRemaining()) {
      leg.enter(AwaitingPartner.ofBackhaul(now, SESSION_TIMEOUT));
      leg.listener().onTicket(leg, new Ticket(ByteString.copyFrom(ticket.flip())));
    }
  }

  @Override
  public long deadline() {
    return deadline;
  }

  @Override
  public void onDeadline(TcpLeg leg, long now) {
    leg.refuse(DropReason.BACKHAUL_SILENT);
  }
}
