/** Tests of links. */
@NullMarked
package dev.rallypoint.loadtest.gatling.link;

import org.jspecify.annotations.NullMarked;
