/**
 * What a scenario is written with; see {@link dev.rallypoint.loadtest.gatling.dsl.RendezvousDsl}.
 */
@NullMarked
package dev.rallypoint.loadtest.gatling.dsl;

import org.jspecify.annotations.NullMarked;
