/**
 * The data path of the relay: a few selector loops read first frames, hold connections that wait
 * for their partner, and move the bytes of sessions. No actor is in this package; it reports to
 * {@link dev.rallypoint.relay.splice.LegListener}.
 */
@NullMarked
package dev.rallypoint.relay.splice;

import org.jspecify.annotations.NullMarked;
