package dev.rallypoint.rendezvous;

import dev.rallypoint.cluster.VitalPart;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.message.Replies;
import dev.rallypoint.registration.Registrar;
import dev.rallypoint.transport.Link;
import dev.rallypoint.transport.Push;
import dev.rallypoint.transport.datagram.DatagramPort;
import dev.rallypoint.transport.datagram.LocalEnd;
import java.util.HashMap;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The actors that send pushes and verdicts to peers that register by UDP: one for each address of
 * this machine that peers register at, because only what leaves from there passes a peer's NAT. An
 * actor is made when a peer first comes to its address. Not safe for several threads.
 */
final class UdpWriters {
  private static final Logger LOG = LoggerFactory.getLogger(UdpWriters.class);

  /** Addresses with an actor of their own; to peers at others the kernel chooses where to send. */
  private static final int MOST = 256;

  private static final String NAME = "udp-sender";

  private final ActorSystem<?> system;
  private final DatagramPort port;
  private final PushGate pushes;
  private final ActorRef<Link.HandlerMessage> anywhere;
  private final Map<LocalEnd, ActorRef<Link.HandlerMessage>> writers = new HashMap<>();
  private LocalEnd last = LocalEnd.ANY;
  private ActorRef<Link.HandlerMessage> ofLast;

  UdpWriters(ActorSystem<?> system, DatagramPort port, PushGate pushes) {
    this.system = system;
    this.port = port;
    this.pushes = pushes;
    this.anywhere = VitalPart.spawn(system, sender(port, LocalEnd.ANY, pushes), NAME);
    this.ofLast = anywhere;
    writers.put(LocalEnd.ANY, anywhere);
  }

  /** What sends from this address. */
  ActorRef<Link.HandlerMessage> at(LocalEnd end) {
    if (end != last) { // most machines have one address: no look into the map
      ofLast = find(end);
      last = end;
    }
    return ofLast;
  }

  private ActorRef<Link.HandlerMessage> find(LocalEnd end) {
    ActorRef<Link.HandlerMessage> found = writers.get(end);
    if (found != null) {
      return found;
    }
    int number = writers.size();
    if (number > MOST) {
      return anywhere;
    }
    if (number == MOST) {
      LOG.warn("peers register at more than {} addresses of this machine", MOST);
    }
    ActorRef<Link.HandlerMessage> made =
        VitalPart.spawn(system, sender(port, end, pushes), NAME + "-" + number);
    writers.put(end, made);
    return made;
  }

  private static Behavior<Link.HandlerMessage> sender(
      DatagramPort port, LocalEnd from, PushGate pushes) {
    return Behaviors.receiveMessage(message -> {
      switch (message) {
        case Push push when pushes.admits(push, false) ->
            port.send(push.to(), from, push.payload().toByteArray());
        case Push.Answered(PeerAddress to) -> pushes.answered(to);
        case Registrar.Verdict verdict ->
            port.send(
                verdict.claim().from(), from, Replies.registerPk(verdict.result()).toByteArray());
        default -> {}
      }
      return Behaviors.same();
    });
  }
}
