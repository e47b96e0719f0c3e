/** Tests of the ways of a client. */
@NullMarked
package dev.rallypoint.loadtest.gatling.client;

import org.jspecify.annotations.NullMarked;
