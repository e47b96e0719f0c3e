/** Counts and microsecond histograms by request name, limits on them, and their JSON. */
@NullMarked
package dev.rallypoint.loadtest.gatling.figures;

import org.jspecify.annotations.NullMarked;
