/**
 * Sessions of two TCP legs: bytes are moved from socket to socket unseen, with a {@link
 * dev.rallypoint.relay.conduit.Conduit}.
 */
@NullMarked
package dev.rallypoint.relay.splice;

import org.jspecify.annotations.NullMarked;
