/** Tests of what a scenario is written with. */
@NullMarked
package dev.rallypoint.loadtest.gatling.dsl;

import org.jspecify.annotations.NullMarked;
