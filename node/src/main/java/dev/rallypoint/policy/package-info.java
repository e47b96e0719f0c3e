/**
 * Rules without any I/O: given what is known, what is to be answered. No Pekko, no sockets, no
 * clock; time is an argument. The reference server's behaviour is written down here.
 */
@NullMarked
package dev.rallypoint.policy;

import org.jspecify.annotations.NullMarked;
