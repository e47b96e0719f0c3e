package dev.rallypoint.architecture.planted.sideways.rendezvous;

/** Depends on the other part of its layer. */
record Listener(dev.rallypoint.architecture.planted.sideways.relay.Leg leg) {}
