/**
 * The relay session of two TCP legs, and its two directions. Bytes are moved from socket to socket
 * unread, with a {@link dev.rallypoint.relay.conduit.Conduit}.
 */
@NullMarked
package dev.rallypoint.relay.splice;

import org.jspecify.annotations.NullMarked;
