package dev.rallypoint.architecture.planted.actors.policy;

import org.apache.pekko.actor.typed.ActorRef;

/** Knows an actor. */
record Shouting(ActorRef<String> listener) {}
