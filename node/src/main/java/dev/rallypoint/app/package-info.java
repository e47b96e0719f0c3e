/** The wiring of a node: its parts, its ports, and the lock of its data folder. */
@NullMarked
package dev.rallypoint.app;

import org.jspecify.annotations.NullMarked;
