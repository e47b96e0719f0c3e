/** Bytes in and out: listeners, datagrams, frames. Knows nothing of what a message means. */
@NullMarked
package dev.rallypoint.transport;

import org.jspecify.annotations.NullMarked;
