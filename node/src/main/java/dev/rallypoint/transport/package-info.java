/** Listeners, connections and UDP sockets, their framing and limits; not what a message means. */
@NullMarked
package dev.rallypoint.transport;

import org.jspecify.annotations.NullMarked;
