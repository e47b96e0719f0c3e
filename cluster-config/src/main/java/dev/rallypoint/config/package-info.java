/**
 * Settings of a node as records that cannot be wrong, and where they are read from. Knows names,
 * values, defaults and bounds; nothing of sockets, actors or the protocol.
 */
@NullMarked
package dev.rallypoint.config;

import org.jspecify.annotations.NullMarked;
