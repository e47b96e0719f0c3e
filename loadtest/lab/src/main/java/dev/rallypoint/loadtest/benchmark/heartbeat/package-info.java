/** Heartbeats of many peers by UDP, as fast as they are answered and at fixed rates. */
@NullMarked
package dev.rallypoint.loadtest.benchmark.heartbeat;

import org.jspecify.annotations.NullMarked;
