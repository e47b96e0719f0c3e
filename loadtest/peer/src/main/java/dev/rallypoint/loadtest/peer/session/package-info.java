/** Sessions between two simulated clients: the handshake, encryption and the transfer of bytes. */
@NullMarked
package dev.rallypoint.loadtest.peer.session;

import org.jspecify.annotations.NullMarked;
