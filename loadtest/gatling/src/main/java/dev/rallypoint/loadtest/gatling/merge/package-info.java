/** Makes one log and one set of figures of the runs of several generators. */
@NullMarked
package dev.rallypoint.loadtest.gatling.merge;

import org.jspecify.annotations.NullMarked;
