package dev.rallypoint.architecture.planted.names.store;

/** Has a name that says nothing. */
record PeerData(String text) {}
