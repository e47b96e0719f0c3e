/**
 * The relay's data path as a whole, {@link dev.rallypoint.relay.engine.RelayEngine}: it gives
 * connections to loops and makes pairs of legs sessions. Bytes never enter a mailbox.
 */
@NullMarked
package dev.rallypoint.relay.engine;

import org.jspecify.annotations.NullMarked;
