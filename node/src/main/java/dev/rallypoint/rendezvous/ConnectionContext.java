package dev.rallypoint.rendezvous;

import dev.rallypoint.config.RendezvousSettings;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.metrics.Event;
import dev.rallypoint.protocol.message.HealthProbe;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import dev.rallypoint.protocol.proto.TestNatRequest;
import dev.rallypoint.registration.PeerDirectory;
import dev.rallypoint.registration.Registrar;
import org.apache.pekko.actor.typed.ActorRef;

/** What all connections to the ID server of a node share. */
record ConnectionContext(
    RendezvousSettings settings,
    ServerIdentity identity,
    PeerDirectory directory,
    ActorRef<Registrar.Command> registrar,
    PunchContext punch,
    PersistentLinks links,
    OnlineQueries onlineQueries,
    HttpProxyHandler api,
    Counters counters) {
  /** The frames in a row that a connection may send without one that is served. */
  static final int MOST_DROPPED = 200;

  /** Counts what is wrong with a client's message and closes the connection. */
  void refuse(ClientLink link, DropReason reason) {
    counters.dropped(reason, link.address());
    link.finish();
  }

  /**
   * Counts a frame that is dropped without an answer and asks for the next one, which gets no more
   * time for it. A connection that sends nothing else is closed.
   */
  void drop(ClientLink link, DropReason reason) {
    counters.dropped(reason);
    if (link.onDropped() > MOST_DROPPED) {
      refuse(link, DropReason.CONNECTION_USELESS);
    } else {
      link.ready();
    }
  }

  /** Counts the NAT test of a client. */
  void countNatTest(TestNatRequest request) {
    if (!HealthProbe.is(request)) {
      counters.count(Event.NAT_TESTS);
    }
  }

  /** Sends an answer and asks for the next frame, which has to come within {@code firstFrame}. */
  void answer(ClientLink link, RendezvousMessage answer) {
    link.send(answer);
    awaitNext(link);
  }

  void awaitNext(ClientLink link) {
    link.deadline(settings.firstFrame());
    link.ready();
  }
}
