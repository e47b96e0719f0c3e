/**
 * Listeners, TCP and WebSocket connections, UDP sockets, and the framing and limits of what they
 * carry. Knows nothing of what a message means.
 */
@NullMarked
package dev.rallypoint.transport;

import org.jspecify.annotations.NullMarked;
