/**
 * The rules of the ID server and the relay: keys, limits, addresses, punching, the choice of a
 * relay. Pure functions and small counters: no Pekko, no sockets, no clock; time is an argument.
 * They follow the reference server's behaviour, and are tested by tables.
 */
@NullMarked
package dev.rallypoint.policy;

import org.jspecify.annotations.NullMarked;
