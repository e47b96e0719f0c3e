package dev.rallypoint.relay.splice;

import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.transport.ConsoleCommand;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a new connection begins with. Methods are called on the loop that the leg is on. */
final class Threshold {
  private static final Logger LOG = LoggerFactory.getLogger(Threshold.class);

  private final SpliceEngine engine;
  private final RelayDoor door;
  private final Set<String> consoleWords;

  /**
   * @param consoleWords the commands taken from loopback peers, none to switch the console off
   */
  Threshold(SpliceEngine engine, RelayDoor door, Set<String> consoleWords) {
    this.engine = engine;
    this.door = door;
    this.consoleWords = consoleWords;
  }

  /** A client, or a proxy that says whose connection it is. */
  void ofClient(Leg leg) {
    long now = engine.now();
    if (leg.isNamed()) {
      AwaitingRequest opening =
          new AwaitingRequest(new FirstBytes(wordsOf(leg)), now, engine.settings().handshake());
      begin(leg, opening, opening.nextDeadline());
    } else {
      AwaitingProxyHeader introduction =
          new AwaitingProxyHeader(door, now, engine.settings().handshake());
      begin(leg, introduction, introduction.deadline());
    }
  }

  private Set<String> wordsOf(Leg leg) {
    if (leg.address().isLoopback()) {
      return consoleWords;
    }
    return isFromThisMachine(leg) ? ConsoleCommand.HEALTH_ONLY : Set.of();
  }

  /** A node that is bound to one ip is asked there, and from there. */
  private static boolean isFromThisMachine(Leg leg) {
    try {
      return leg.channel().getLocalAddress() instanceof InetSocketAddress here
          && PeerAddress.of(here).isSameHost(leg.address());
    } catch (IOException e) {
      return false; // closed already
    }
  }

  /** A pipe of another node, which has yet to show its ticket. */
  void ofComingPipe(Leg pipe) {
    AwaitingTicket arrival = new AwaitingTicket(engine.now());
    begin(pipe, arrival, arrival.deadline());
  }

  /** A pipe to another node, where its ticket was taken. */
  void ofKnownPipe(Leg pipe) {
    AwaitingPartner waiting = AwaitingPartner.ofPipe(engine.now(), engine.settings().handshake());
    begin(pipe, waiting, waiting.deadline());
  }

  private static void begin(Leg leg, LegPhase first, long deadline) {
    try {
      if (leg.loop().isStopping()) {
        leg.close();
        return;
      }
      leg.prepare();
      leg.register(first);
      leg.loop().wheel().schedule(leg, deadline);
    } catch (IOException e) {
      LOG.debug("a connection of {} was gone at once", leg.address(), e);
      leg.close();
    }
  }
}
