/** How the log of a node is written, and how much of it. */
@NullMarked
package dev.rallypoint.app.log;

import org.jspecify.annotations.NullMarked;
