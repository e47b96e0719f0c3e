/**
 * A cluster of real nodes on one machine: each in a network namespace with three links, to clients,
 * to the other nodes and to PostgreSQL, that can be cut one by one.
 */
@NullMarked
package dev.rallypoint.loadtest.cluster;

import org.jspecify.annotations.NullMarked;
