/**
 * The relay on TCP 21117 and WebSocket 21119: two connections that name the same uuid become one
 * relayed session. This package opens the ports and wires the packages below it.
 *
 * <p>From bottom to top: {@code relay.session} (the sharded actor of one uuid, which decides who
 * joins), {@code relay.conduit} (moving bytes from socket to socket), {@code relay.splice} (the
 * selector loops that serve connections and sessions), {@code relay.backhaul} (connections between
 * nodes) and {@code relay.legs} (the actor of a node that speaks to sessions for its connections).
 * Relayed bytes never enter a mailbox.
 */
@NullMarked
package dev.rallypoint.relay;

import org.jspecify.annotations.NullMarked;
