/**
 * Sessions with a WebSocket on at least one side: whole messages are passed from leg to leg, and a
 * TCP leg's bytes are cut into frames.
 */
@NullMarked
package dev.rallypoint.relay.bridge;

import org.jspecify.annotations.NullMarked;
