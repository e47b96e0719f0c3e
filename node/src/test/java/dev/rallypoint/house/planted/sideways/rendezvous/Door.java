package dev.rallypoint.house.planted.sideways.rendezvous;

/** Reaches into the other room of its floor. */
record Door(dev.rallypoint.house.planted.sideways.relay.Leg leg) {}
