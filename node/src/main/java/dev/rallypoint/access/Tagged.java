package dev.rallypoint.access;

/**
 * What was read of the database.
 *
 * @param epoch that was read before it: the value is as new, or newer
 */
record Tagged<V>(long epoch, V value) {}
