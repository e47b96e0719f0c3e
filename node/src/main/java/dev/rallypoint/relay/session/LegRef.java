package dev.rallypoint.relay.session;

import org.apache.pekko.actor.typed.ActorRef;

/**
 * A leg, named so that it is the same one on every node.
 *
 * @param home the actor of the node that holds its socket
 * @param number unique on that node as long as it runs
 */
public record LegRef(ActorRef<SessionReply> home, long number) {}
