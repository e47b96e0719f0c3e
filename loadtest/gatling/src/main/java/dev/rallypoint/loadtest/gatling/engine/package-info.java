/**
 * The only package that touches io.gatling.core: steps of a scenario, the protocol and its
 * components.
 */
@NullMarked
package dev.rallypoint.loadtest.gatling.engine;

import org.jspecify.annotations.NullMarked;
