/**
 * The relay on TCP 21117 and WebSocket 21119: two connections that name the same uuid become one
 * relayed session. This package opens the ports and wires the packages below it.
 *
 * <p>From bottom to top:
 *
 * <ul>
 *   <li>{@code relay.session}: the sharded entity of a uuid, which decides who becomes partners
 *   <li>{@code relay.conduit}: moving bytes from socket to socket
 *   <li>{@code relay.loop}: selector loops, the TCP connections (legs) on them, and what all
 *       sessions have in common
 *   <li>{@code relay.handshake}: what a leg does before its session
 *   <li>{@code relay.splice}: sessions of two TCP legs
 *   <li>{@code relay.bridge}: sessions with a WebSocket
 *   <li>{@code relay.engine}: gives connections to loops, and makes pairs of legs sessions
 *   <li>{@code relay.backhaul}: connections between nodes
 *   <li>{@code relay.legs}: the actor of a node that asks sessions on behalf of its legs
 * </ul>
 *
 * <p>Relayed bytes never enter a mailbox.
 */
@NullMarked
package dev.rallypoint.relay;

import org.jspecify.annotations.NullMarked;
