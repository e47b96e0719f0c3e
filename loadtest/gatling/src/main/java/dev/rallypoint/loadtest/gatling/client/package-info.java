/**
 * The ways of a client on Netty: links over UDP, TCP and WebSocket, peers and their answers to
 * pushes. Knows nothing of Gatling.
 */
@NullMarked
package dev.rallypoint.loadtest.gatling.client;

import org.jspecify.annotations.NullMarked;
