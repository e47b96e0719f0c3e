/**
 * A cluster of real node processes on one machine. Each node runs in a network namespace with three
 * links, to the clients, to the other nodes and to PostgreSQL, which can be cut one by one.
 */
@NullMarked
package dev.rallypoint.loadtest.cluster;

import org.jspecify.annotations.NullMarked;
