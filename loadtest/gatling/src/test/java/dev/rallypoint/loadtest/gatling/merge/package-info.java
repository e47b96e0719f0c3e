/** Tests of merging. */
@NullMarked
package dev.rallypoint.loadtest.gatling.merge;

import org.jspecify.annotations.NullMarked;
