/** Tests of the figures. */
@NullMarked
package dev.rallypoint.loadtest.gatling.figures;

import org.jspecify.annotations.NullMarked;
