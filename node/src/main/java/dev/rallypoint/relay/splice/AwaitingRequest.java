package dev.rallypoint.relay.splice;

import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.relay.session.EndReason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;

/** A leg that has not sent its whole first frame. */
final class AwaitingRequest implements LegPhase {
  /** How long a console command without a line's end may pause before it is taken as whole. */
  private static final long PAUSE = Duration.ofSeconds(1).toNanos();

  private final FirstBytes bytes;
  private final long deadline;
  private long lastBytes;

  AwaitingRequest(FirstBytes bytes, long now, Duration handshake) {
    this.bytes = bytes;
    this.deadline = now + handshake.toNanos();
  }

  /** When to look at the leg, by what it has said. */
  long nextDeadline() {
    return bytes.isCommandBegun() ? Math.min(deadline, lastBytes + PAUSE) : deadline;
  }

  @Override
  public void onReadable(Leg leg, long now) {
    SpliceLoop loop = leg.loop();
    ByteBuffer scratch = loop.scratch();
    int read;
    try {
      read = leg.channel().read(scratch);
    } catch (IOException e) {
      read = -1;
    }
    if (read < 0) {
      on(bytes.onPause(), leg, now);
      if (leg.phase() == this) {
        leg.close(); // an empty connection is a port probe: no drop
      }
    } else if (read > 0) {
      take(scratch.flip(), leg, now);
    }
  }

  /** Takes bytes that came, maybe none. */
  void take(ByteBuffer piece, Leg leg, long now) {
    lastBytes = now;
    on(bytes.feed(piece), leg, now);
  }

  @Override
  public void onWritable(Leg leg, long now) {}

  @Override
  public void onDeadline(Leg leg, long now) {
    if (now >= deadline) {
      refuse(leg, DropReason.CONNECTION_SILENT);
    } else if (bytes.isCommandBegun() && now - lastBytes >= PAUSE) {
      on(bytes.onPause(), leg, now);
    } else {
      leg.loop().wheel().schedule(leg, nextDeadline());
    }
  }

  @Override
  public void onAbandoned(Leg leg, EndReason reason) {
    leg.close();
  }

  private void on(FirstBytes.Outcome outcome, Leg leg, long now) {
    SpliceLoop loop = leg.loop();
    switch (outcome) {
      case FirstBytes.Outcome.Unfinished unfinished -> {
        if (leg.share().hold(bytes.heldBytes())) {
          loop.wheel().schedule(leg, nextDeadline());
        } else {
          refuse(leg, DropReason.FRAME_MEMORY);
        }
      }
      case FirstBytes.Outcome.Broken(DropReason reason) -> refuse(leg, reason);
      case FirstBytes.Outcome.Command command -> {
        leg.share().hold(0);
        leg.become(new ConsoleReply(now));
        leg.want(false, false);
        loop.events().onCommand(leg, command.command());
      }
      case FirstBytes.Outcome.Frame frame -> onFrame(frame, leg, now);
    }
  }

  private void onFrame(FirstBytes.Outcome.Frame frame, Leg leg, long now) {
    SpliceLoop loop = leg.loop();
    switch (loop.handshake().judge(frame.payload())) {
      case RelayHandshake.Verdict.Admitted admitted when !leg.share().hold(frame.rest().length) ->
          refuse(leg, DropReason.FRAME_MEMORY);
      case RelayHandshake.Verdict.Admitted admitted -> {
        AwaitingPartner waiting =
            AwaitingPartner.ofClient(frame.rest(), now, loop.settings().pairWait());
        leg.become(waiting);
        loop.wheel().cancel(leg);
        loop.wheel().schedule(leg, waiting.deadline());
        loop.events().onAdmitted(leg, admitted);
        loop.counters().count(Event.RELAY_LEGS);
      }
      case RelayHandshake.Verdict.Refused refused -> {
        loop.onRefused(leg, refused, now);
        refuse(leg, refused.reason());
      }
    }
  }

  private static void refuse(Leg leg, DropReason reason) {
    leg.loop().counters().dropped(reason);
    leg.close();
  }
}
