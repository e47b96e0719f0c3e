package dev.rallypoint.house.planted.names.store;

/** Has a name that says nothing. */
record KeyHelper(String text) {}
