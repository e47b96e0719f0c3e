/** Floods of connections and of frames. */
@NullMarked
package dev.rallypoint.loadtest.attacks.connections;

import org.jspecify.annotations.NullMarked;
