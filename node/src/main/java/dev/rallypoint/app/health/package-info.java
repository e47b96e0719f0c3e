/** What operators and orchestrators ask a node: whether it serves, and its metrics. */
@NullMarked
package dev.rallypoint.app.health;

import org.jspecify.annotations.NullMarked;
