/** Tests of whole runs. */
@NullMarked
package dev.rallypoint.loadtest.gatling.launch;

import org.jspecify.annotations.NullMarked;
