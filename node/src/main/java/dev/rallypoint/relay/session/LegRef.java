package dev.rallypoint.relay.session;

import org.apache.pekko.actor.typed.ActorRef;

/**
 * The name of a leg, the same on every node.
 *
 * @param nodeLegs the actor of the node that holds the leg's socket
 * @param number unique on that node as long as it runs
 */
public record LegRef(ActorRef<SessionReply> nodeLegs, long number) {}
