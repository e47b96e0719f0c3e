/**
 * Frames: how messages are cut out of a TCP stream and put back. Knows bytes only, never what is in
 * them.
 */
@NullMarked
package dev.rallypoint.protocol.frame;

import org.jspecify.annotations.NullMarked;
