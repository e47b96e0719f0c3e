/** Wiring: the command line, the key files, and the node that puts all rooms together. */
@NullMarked
package dev.rallypoint.app;

import org.jspecify.annotations.NullMarked;
