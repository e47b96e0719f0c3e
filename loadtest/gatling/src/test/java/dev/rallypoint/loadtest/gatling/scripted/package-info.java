/** A server that answers as told, for runs in tests. */
@NullMarked
package dev.rallypoint.loadtest.gatling.scripted;

import org.jspecify.annotations.NullMarked;
