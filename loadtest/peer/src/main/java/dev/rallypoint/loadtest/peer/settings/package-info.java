/** The settings of a simulated client: identity, version, servers, user options and timing. */
@NullMarked
package dev.rallypoint.loadtest.peer.settings;

import org.jspecify.annotations.NullMarked;
