/** Tests of the module as a whole. */
@NullMarked
package dev.rallypoint.loadtest.gatling;

import org.jspecify.annotations.NullMarked;
