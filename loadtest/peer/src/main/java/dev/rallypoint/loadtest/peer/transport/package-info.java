/** The connections of a simulated client: to ID servers, to relays, and to other peers. */
@NullMarked
package dev.rallypoint.loadtest.peer.transport;

import org.jspecify.annotations.NullMarked;
