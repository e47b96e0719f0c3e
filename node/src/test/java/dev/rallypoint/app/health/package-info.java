/** Health and metrics by HTTP. */
@NullMarked
package dev.rallypoint.app.health;

import org.jspecify.annotations.NullMarked;
