/** Simulated clients over plain sockets: one behaviour, used by the tests and by the load. */
@NullMarked
package dev.rallypoint.loadtest;

import org.jspecify.annotations.NullMarked;
