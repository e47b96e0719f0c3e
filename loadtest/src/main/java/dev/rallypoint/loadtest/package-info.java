/**
 * Simulated clients over plain sockets: one behaviour, used by the tests and by the load. A {@link
 * dev.rallypoint.loadtest.SimulatedPeer} does what docs/protocol.md says the real client does,
 * quirks included; it knows the wire and nothing of the server's code.
 */
@NullMarked
package dev.rallypoint.loadtest;

import org.jspecify.annotations.NullMarked;
