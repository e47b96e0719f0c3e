package dev.rallypoint.relay.splice;

import com.google.protobuf.ByteString;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.relay.session.EndReason;
import dev.rallypoint.relay.session.Ticket;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * A connection to the Backhaul that has not shown its whole ticket. Not a byte more is read: what
 * follows is the session's.
 */
final class AwaitingTicket implements LegPhase {
  /** How long a ticket may take to come. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** How long a pipe waits for its session: the other home may hear of it a little later. */
  private static final Duration WAIT = Duration.ofSeconds(5);

  private final ByteBuffer shown = ByteBuffer.allocate(Ticket.SIZE);
  private final long deadline;

  private AwaitingTicket(long deadline) {
    this.deadline = deadline;
  }

  /** Begins a pipe that another node has opened. */
  static void begin(Leg pipe, long now) {
    long deadline = now + PATIENCE.toNanos();
    pipe.begin(new AwaitingTicket(deadline), deadline);
  }

  /** Says to a pipe whose ticket is good that it is let in. */
  static void accept(Leg pipe) {
    try {
      pipe.channel().write(ByteBuffer.wrap(new byte[] {Ticket.ACCEPTED}));
    } catch (IOException e) {
      pipe.close();
    }
  }

  @Override
  public void onReadable(Leg leg, long now) {
    int read;
    try {
      read = leg.channel().read(shown);
    } catch (IOException e) {
      read = -1;
    }
    if (read < 0) {
      refuse(leg);
    } else if (!shown.hasRemaining()) {
      SpliceLoop loop = leg.loop();
      AwaitingPartner waiting = AwaitingPartner.ofPipe(now, WAIT);
      leg.become(waiting);
      loop.wheel().cancel(leg);
      loop.wheel().schedule(leg, waiting.deadline());
      loop.events().onTicket(leg, new Ticket(ByteString.copyFrom(shown.flip())));
    }
  }

  @Override
  public void onWritable(Leg leg, long now) {}

  @Override
  public void onDeadline(Leg leg, long now) {
    if (now >= deadline) {
      refuse(leg);
    } else {
      leg.loop().wheel().schedule(leg, deadline);
    }
  }

  @Override
  public void onAbandoned(Leg leg, EndReason reason) {
    leg.close();
  }

  private static void refuse(Leg leg) {
    leg.loop().counters().dropped(DropReason.BACKHAUL_SILENT);
    leg.close();
  }
}
