/** Attacks on a node with honest clients beside them; measures what the clients notice. */
@NullMarked
package dev.rallypoint.loadtest.attacks;

import org.jspecify.annotations.NullMarked;
