package dev.rallypoint.relay.handshake;

import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.relay.loop.RelayContext;
import dev.rallypoint.relay.loop.TcpLeg;
import dev.rallypoint.transport.ConsoleCommand;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Set;

/** The first phase of a new connection. Methods are called on the loop that the leg is on. */
public final class Threshold {
  private final RelayContext context;
  private final RelayDoor door;
  private final Set<String> consoleWords;

  /**
   * @param consoleWords the commands taken from loopback peers, none to switch the console off
   */
  public Threshold(RelayContext context, RelayDoor door, Set<String> consoleWords) {
    this.context = context;
    this.door = door;
    this.consoleWords = consoleWords;
  }

  /** Begins a client's connection, or that of a proxy which names its client. */
  public void beginClient(TcpLeg leg) {
    long now = context.now();
    Duration handshake = context.settings().handshake();
    leg.begin(
        leg.isNamed()
            ? new AwaitingRequest(new FirstBytes(commandsFor(leg)), now, handshake)
            : new AwaitingProxyHeader(door, now, handshake));
  }

  private Set<String> commandsFor(TcpLeg leg) {
    if (leg.address().isLoopback()) {
      return consoleWords;
    }
    return isFromThisMachine(leg) ? ConsoleCommand.HEALTH_ONLY : Set.of();
  }

  /** A node that is bound to one ip is asked there, and from there. */
  private static boolean isFromThisMachine(TcpLeg leg) {
    try {
      return leg.channel().getLocalAddress() instanceof InetSocketAddress here
          && PeerAddress.of(here).isSameHost(leg.address());
    } catch (IOException e) {
      return false; // closed already
    }
  }

  /** Begins a pipe from another node, which has yet to send its ticket. */
  public void beginIncomingPipe(TcpLeg pipe) {
    pipe.begin(new AwaitingTicket(context.now()));
  }

  /** Begins a pipe to another node, which has accepted the ticket. */
  public void beginDialledPipe(TcpLeg pipe) {
    pipe.begin(AwaitingPartner.ofPipe(context.now(), context.settings().handshake()));
  }
}
