package dev.rallypoint.rendezvous;

import dev.rallypoint.config.RendezvousSettings;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.protocol.proto.RendezvousMessage;
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

  /** Counts what is wrong with a client's message and closes the connection. */
  void refuse(ClientLink link, DropReason reason) {
    counters.dropped(reason);
    link.finish();
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
