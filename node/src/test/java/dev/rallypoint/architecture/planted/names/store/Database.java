package dev.rallypoint.architecture.planted.names.store;

/** Has a name that says something, though it begins with four letters of one that does not. */
record Database(String text) {}
