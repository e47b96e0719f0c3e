/** What the HTTP API of a node takes: heartbeats, system facts and log-ins. */
@NullMarked
package dev.rallypoint.loadtest.benchmark.api;

import org.jspecify.annotations.NullMarked;
