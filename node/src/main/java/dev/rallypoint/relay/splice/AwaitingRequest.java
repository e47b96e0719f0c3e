package dev.rallypoint.relay.splice;

import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.frame.FrameDecoder;
import dev.rallypoint.protocol.frame.FrameException;
import dev.rallypoint.relay.session.EndReason;
import dev.rallypoint.transport.ClientConnection;
import dev.rallypoint.transport.ConsoleCommand;
import dev.rallypoint.transport.FirstBytes;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A client's connection whose first frame, or console command, is not whole yet. */
final class AwaitingRequest implements LegPhase {
  private static final Logger LOG = LoggerFactory.getLogger(AwaitingRequest.class);
  private static final long PAUSE = FirstBytes.PAUSE.toNanos();

  private final FirstBytes first;
  private final FrameDecoder decoder = new FrameDecoder(RelayHandshake.MAX_FRAME);
  private final long deadline;
  private long lastBytes;

  private AwaitingRequest(FirstBytes first, long deadline) {
    this.first = first;
    this.deadline = deadline;
  }

  /**
   * The phase of a client that is known.
   *
   * @param begun when its connection began, and with it the time for its handshake
   */
  static AwaitingRequest of(Leg leg, ClientConnection connection, long begun) {
    long deadline = begun + leg.loop().settings().handshake().toNanos();
    return new AwaitingRequest(new FirstBytes(commandsOf(leg, connection)), deadline);
  }

  /** Begins a client's leg: in this phase, or in the one before where it comes from a proxy. */
  static void begin(Leg leg, ClientConnection connection, long now) {
    if (connection.beginsWithHeader()) {
      AwaitingProxyHeader.begin(leg, connection, now);
      return;
    }
    AwaitingRequest phase = of(leg, connection, now);
    leg.begin(phase, phase.deadline);
  }

  private static Set<String> commandsOf(Leg leg, ClientConnection connection) {
    if (connection.mayUseConsole()) {
      return leg.loop().commands();
    }
    return !connection.isProxied() && isFromItsOwnAddress(leg)
        ? ConsoleCommand.HEALTH_ONLY
        : Set.of();
  }

  /** The health command of a node that is bound to one ip comes from that ip. */
  private static boolean isFromItsOwnAddress(Leg leg) {
    try {
      return leg.channel().getLocalAddress() instanceof InetSocketAddress here
          && PeerAddress.of(here).isSameHost(leg.address());
    } catch (IOException e) {
      LOG.debug("leg {} is closed already", leg.number(), e);
      return false;
    }
  }

  /** When to look at the leg, by what has come. */
  private long nextDeadline() {
    return first.isCommandBegun() ? Math.min(deadline, lastBytes + PAUSE) : deadline;
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
      on(first.onPause(), leg, now);
      if (leg.phase() == this) {
        leg.close(); // no drop: nothing was asked for
      }
    } else if (read > 0) {
      take(scratch.flip(), leg, now);
    }
  }

  /** Takes bytes that came, maybe none. */
  void take(ByteBuffer piece, Leg leg, long now) {
    lastBytes = now;
    on(first.feed(piece), leg, now);
  }

  @Override
  public void onWritable(Leg leg, long now) {}

  @Override
  public void onDeadline(Leg leg, long now) {
    if (now >= deadline) {
      refuse(leg, DropReason.CONNECTION_SILENT);
    } else if (first.isCommandBegun() && now - lastBytes >= PAUSE) {
      on(first.onPause(), leg, now);
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
      case FirstBytes.Outcome.Unfinished unfinished -> await(leg);
      case FirstBytes.Outcome.Command(ConsoleCommand command) -> {
        leg.share().hold(0);
        leg.become(new ConsoleReply(now));
        leg.want(false, false);
        loop.events().onCommand(leg, command);
      }
      case FirstBytes.Outcome.Frames(ByteBuffer bytes) -> {
        try {
          decoder.feed(bytes);
          byte[] payload = decoder.poll();
          if (payload == null) {
            await(leg);
          } else {
            onFrame(payload, decoder.takeRest(), leg, now);
          }
        } catch (FrameException e) {
          refuse(leg, DropReason.FRAME_TOO_LONG);
        }
      }
    }
  }

  /** Waits for more bytes; what has come is held meanwhile. */
  private void await(Leg leg) {
    if (leg.share().hold(first.heldBytes() + decoder.heldBytes())) {
      leg.loop().wheel().schedule(leg, nextDeadline());
    } else {
      refuse(leg, DropReason.FRAME_MEMORY);
    }
  }

  private void onFrame(byte[] payload, byte[] rest, Leg leg, long now) {
    SpliceLoop loop = leg.loop();
    switch (loop.handshake().judge(payload)) {
      case RelayHandshake.Verdict.Admitted admitted when !leg.share().hold(rest.length) ->
          refuse(leg, DropReason.FRAME_MEMORY);
      case RelayHandshake.Verdict.Admitted admitted -> {
        AwaitingPartner waiting = AwaitingPartner.ofClient(rest, now, loop.settings().pairWait());
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
