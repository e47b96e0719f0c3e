package dev.rallypoint.rendezvous;

import dev.rallypoint.config.RendezvousSettings;
import dev.rallypoint.metrics.Counters;
import dev.rallypoint.registration.PeerDirectory;
import dev.rallypoint.registration.Registrar;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What all connections to the ID server of a node share.
 *
 * @param settings the ID server's settings
 * @param identity the server's key pair
 * @param directory where the peers are
 * @param registrar takes RegisterPk messages
 * @param punch what punch and relay requests need
 * @param links the connections that clients keep open
 * @param api answers HTTP API calls
 * @param counters the node's counters
 */
record ConnectionContext(
    RendezvousSettings settings,
    ServerIdentity identity,
    PeerDirectory directory,
    ActorRef<Registrar.Command> registrar,
    PunchContext punch,
    PersistentLinks links,
    HttpProxyHandler api,
    Counters counters) {}
