/**
 * Simulated RustDesk clients over real sockets. A {@link
 * dev.rallypoint.loadtest.peer.SimulatedPeer} behaves as docs/protocol.md describes the real
 * client. Tests and labs use it. It depends on the protocol module only.
 */
@NullMarked
package dev.rallypoint.loadtest.peer;

import org.jspecify.annotations.NullMarked;
