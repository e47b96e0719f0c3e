/**
 * Ways to move bytes from one socket to another: {@code splice(2)} through a pipe of the kernel, or
 * a copy through a buffer. A conduit is borrowed from the pool of its loop while bytes are in it.
 */
@NullMarked
package dev.rallypoint.relay.conduit;

import org.jspecify.annotations.NullMarked;
