/**
 * Connections between nodes that carry the bytes of a session whose legs are on two nodes: the
 * listener, the dialer, TLS, and the one-time tickets that admit a connection.
 */
@NullMarked
package dev.rallypoint.relay.backhaul;

import org.jspecify.annotations.NullMarked;
