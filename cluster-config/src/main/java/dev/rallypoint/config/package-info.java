/**
 * The settings of a node as records that are valid once made, and the reading of them from the
 * environment, files and flags. Knows names, values, defaults and bounds; nothing of sockets,
 * actors or the protocol.
 */
@NullMarked
package dev.rallypoint.config;

import org.jspecify.annotations.NullMarked;
