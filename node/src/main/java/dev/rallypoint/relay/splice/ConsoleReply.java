package dev.rallypoint.relay.splice;

import dev.rallypoint.relay.session.EndReason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;

/** A console connection: it gets its answer and is closed. */
final class ConsoleReply implements LegPhase {
  private static final long PATIENCE = Duration.ofSeconds(10).toNanos();

  private final long deadline;
  private ByteBuffer answer = ByteBuffer.allocate(0);
  private boolean isSaid;

  ConsoleReply(long now) {
    deadline = now + PATIENCE;
  }

  /** The answer has come: on the leg's loop. */
  void say(Leg leg, byte[] text, long now) {
    answer = ByteBuffer.wrap(text);
    leg.loop().wheel().schedule(leg, deadline);
    onWritable(leg, now);
  }

  @Override
  public void onReadable(Leg leg, long now) {
    // Closing over unread bytes would reset the connection, and the answer would be lost.
    try {
      if (leg.channel().read(leg.loop().scratch()) < 0) {
        leg.close();
      }
    } catch (IOException e) {
      leg.close();
    }
  }

  @Override
  public void onWritable(Leg leg, long now) {
    if (leg.isClosed() || isSaid) {
      return;
    }
    try {
      leg.channel().write(answer);
      if (!answer.hasRemaining()) {
        isSaid = true;
        leg.channel().shutdownOutput();
      }
      leg.want(isSaid, !isSaid);
    } catch (IOException e) {
      leg.close();
    }
  }

  @Override
  public void onDeadline(Leg leg, long now) {
    if (now >= deadline) {
      leg.close();
    } else {
      leg.loop().wheel().schedule(leg, deadline);
    }
  }

  @Override
  public void onAbandoned(Leg leg, EndReason reason) {
    leg.close();
  }
}
