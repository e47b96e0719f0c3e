package dev.rallypoint.relay.handshake;

import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.frame.FrameDecoder;
import dev.rallypoint.protocol.frame.FrameException;
import dev.rallypoint.relay.loop.LegPhase;
import dev.rallypoint.relay.loop.RelayContext;
import dev.rallypoint.relay.loop.RelayHandshake;
import dev.rallypoint.relay.loop.TcpLeg;
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
public final class AwaitingRequest implements LegPhase {
  private static final Logger LOG = LoggerFactory.getLogger(AwaitingRequest.class);
  private static final long PAUSE = FirstBytes.PAUSE.toNanos();

  private final FirstBytes first;
  private final FrameDecoder decoder = new FrameDecoder(RelayHandshake.MAX_FRAME);
  private final long end;
  private long lastBytes;

  private AwaitingRequest(FirstBytes first, long end) {
    this.first = first;
    this.end = end;
  }

  /**
   * Begins a client's leg: in this phase, or in the one before where it comes from a proxy. A PROXY
   * header and the first frame may take the time for a handshake together.
   *
   * @param commands the console's, taken from clients of this machine
   */
  public static void begin(TcpLeg leg, ClientConnection client, Set<String> commands, long now) {
    long end = now + leg.loop().context().settings().handshake().toNanos();
    if (client.beginsWithHeader()) { // no console through a proxy
      AwaitingRequest next = new AwaitingRequest(new FirstBytes(Set.of()), end);
      leg.begin(new AwaitingProxyHeader(client, next));
    } else {
      leg.begin(new AwaitingRequest(new FirstBytes(commandsOf(leg, client, commands)), end));
    }
  }

  private static Set<String> commandsOf(TcpLeg leg, ClientConnection client, Set<String> commands) {
    if (client.mayUseConsole()) {
      return commands;
    }
    return !client.isProxied() && isFromItsOwnAddress(leg) ? ConsoleCommand.HEALTH_ONLY : Set.of();
  }

  /** The health command of a node that is bound to one ip comes from that ip. */
  private static boolean isFromItsOwnAddress(TcpLeg leg) {
    try {
      return leg.channel().getLocalAddress() instanceof InetSocketAddress here
          && PeerAddress.of(here).isSameHost(leg.address());
    } catch (IOException e) {
      LOG.debug("{} is closed already", leg, e);
      return false;
    }
  }

  @Override
  public void onReadable(TcpLeg leg, long now) {
    ByteBuffer scratch = leg.loop().scratch();
    int read = leg.read(scratch);
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
  void take(ByteBuffer piece, TcpLeg leg, long now) {
    lastBytes = now;
    on(first.feed(piece), leg, now);
  }

  @Override
  public long deadline() {
    return first.heldBytes() > 0 ? Math.min(end, lastBytes + PAUSE) : end;
  }

  @Override
  public void onDeadline(TcpLeg leg, long now) {
    if (now >= end) {
      leg.refuse(DropReason.CONNECTION_SILENT);
    } else {
      on(first.onPause(), leg, now);
    }
  }

  private void on(FirstBytes.Outcome outcome, TcpLeg leg, long now) {
    switch (outcome) {
      case FirstBytes.Outcome.Unfinished unfinished -> await(leg);
      case FirstBytes.Outcome.Command(ConsoleCommand command) -> {
        leg.share().hold(0);
        AwaitingReply reply = new AwaitingReply(now);
        leg.enter(reply);
        leg.want(false, false);
        leg.listener().onCommand(command, text -> leg.execute(here -> reply.send(here, text)));
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
          leg.refuse(DropReason.FRAME_TOO_LONG);
        }
      }
    }
  }

  /** Waits for more bytes; what has come is held meanwhile. */
  private void await(TcpLeg leg) {
    if (leg.share().hold(first.heldBytes() + decoder.heldBytes())) {
      leg.scheduleDeadline();
    } else {
      leg.refuse(DropReason.FRAME_MEMORY);
    }
  }

  private static void onFrame(byte[] payload, byte[] rest, TcpLeg leg, long now) {
    RelayContext context = leg.loop().context();
    switch (context.handshake().judge(payload)) {
      case RelayHandshake.Verdict.Admitted admitted when !leg.share().hold(rest.length) ->
          leg.refuse(DropReason.FRAME_MEMORY);
      case RelayHandshake.Verdict.Admitted admitted -> {
        leg.enter(AwaitingPartner.ofClient(rest, now, context.settings().pairWait()));
        leg.listener().onAdmitted(leg, admitted);
        context.counters().count(Event.RELAY_LEGS);
      }
      case RelayHandshake.Verdict.Refused refused -> {
        context.onRefused(leg.address(), refused);
        refused.wanted().ifPresent(leg.listener()::onKeyRefused);
        leg.close();
      }
    }
  }
}
