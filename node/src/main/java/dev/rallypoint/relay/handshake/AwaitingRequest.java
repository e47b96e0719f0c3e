package dev.rallypoint.relay.handshake;

import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.relay.loop.LegPhase;
import dev.rallypoint.relay.loop.RelayContext;
import dev.rallypoint.relay.loop.RelayHandshake;
import dev.rallypoint.relay.loop.TcpLeg;
import dev.rallypoint.transport.ConsoleCommand;
import java.nio.ByteBuffer;
import java.time.Duration;

/** A client's leg whose first frame, the RequestRelay, is not whole. */
final class AwaitingRequest implements LegPhase {
  /** How long a console command without a line's end may pause before it is taken as whole. */
  private static final long PAUSE = Duration.ofSeconds(1).toNanos();

  private final FirstBytes bytes;
  private final long end;
  private long lastBytes;

  /**
   * @param handshake how long the frame may take
   */
  AwaitingRequest(FirstBytes bytes, long now, Duration handshake) {
    this.bytes = bytes;
    this.end = now + handshake.toNanos();
  }

  @Override
  public void onReadable(TcpLeg leg, long now) {
    ByteBuffer scratch = leg.loop().scratch();
    int read = leg.read(scratch);
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
  void take(ByteBuffer piece, TcpLeg leg, long now) {
    lastBytes = now;
    on(bytes.feed(piece), leg, now);
  }

  @Override
  public long deadline() {
    return bytes.isCommandBegun() ? Math.min(end, lastBytes + PAUSE) : end;
  }

  @Override
  public void onDeadline(TcpLeg leg, long now) {
    if (now >= end) {
      leg.refuse(DropReason.CONNECTION_SILENT);
    } else {
      on(bytes.onPause(), leg, now);
    }
  }

  private void on(FirstBytes.Outcome outcome, TcpLeg leg, long now) {
    switch (outcome) {
      case FirstBytes.Outcome.Unfinished unfinished -> {
        if (leg.share().hold(bytes.heldBytes())) {
          leg.scheduleDeadline();
        } else {
          leg.refuse(DropReason.FRAME_MEMORY);
        }
      }
      case FirstBytes.Outcome.Broken(DropReason reason) -> leg.refuse(reason);
      case FirstBytes.Outcome.Command(ConsoleCommand command) -> {
        leg.share().hold(0);
        ConsoleReply reply = new ConsoleReply(now);
        leg.enter(reply);
        leg.want(false, false);
        leg.listener().onCommand(command, text -> leg.execute(here -> reply.send(here, text)));
      }
      case FirstBytes.Outcome.Frame frame -> onFrame(frame, leg, now);
    }
  }

  private static void onFrame(FirstBytes.Outcome.Frame frame, TcpLeg leg, long now) {
    RelayContext context = leg.context();
    switch (context.handshake().judge(frame.payload())) {
      case RelayHandshake.Verdict.Admitted admitted when !leg.share().hold(frame.rest().length) ->
          leg.refuse(DropReason.FRAME_MEMORY);
      case RelayHandshake.Verdict.Admitted admitted -> {
        leg.enter(AwaitingPartner.ofClient(frame.rest(), now, context.settings().pairWait()));
        leg.listener().onAdmitted(leg, admitted);
        context.counters().count(Event.RELAY_LEGS);
      }
      case RelayHandshake.Verdict.Refused refused -> {
        context.onRefused(leg.address(), refused);
        leg.close();
      }
    }
  }
}
