package dev.rallypoint.relay.handshake;

import dev.rallypoint.relay.loop.LegPhase;
import dev.rallypoint.relay.loop.TcpLeg;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** The phase of a leg whose console command was received: sends the reply, then closes. */
final class AwaitingReply implements LegPhase {
  private static final long TIMEOUT = Duration.ofSeconds(10).toNanos();

  private final long deadline;
  private ByteBuffer reply = ByteBuffer.allocate(0);
  private boolean isSent;

  AwaitingReply(long now) {
    deadline = now + TIMEOUT;
  }

  /** The reply has come: on the leg's loop. */
  void send(TcpLeg leg, String text) {
    reply = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    write(leg);
  }

  @Override
  public void onReadable(TcpLeg leg, long now) {
    // Closing over unread bytes would reset the connection, and the reply would be lost.
    if (leg.read(leg.loop().scratch()) < 0) {
      leg.close();
    }
  }

  @Override
  public void onWritable(TcpLeg leg, long now) {
    write(leg);
  }

  private void write(TcpLeg leg) {
    if (leg.isClosed() || isSent) {
      return;
    }
    try {
      leg.channel().write(reply);
      if (!reply.hasRemaining()) {
        isSent = true;
        leg.channel().shutdownOutput();
      }
      leg.want(isSent, !isSent);
    } catch (IOException e) {
      leg.close();
    }
  }

  @Override
  public long deadline() {
    return deadline;
  }

  @Override
  public void onDeadline(TcpLeg leg, long now) {
    leg.close();
  }
}
