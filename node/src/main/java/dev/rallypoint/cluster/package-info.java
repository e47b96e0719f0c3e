/**
 * The members of the cluster, the marker of messages between nodes, the relays of all nodes, and
 * the parts that a node cannot work without.
 */
@NullMarked
package dev.rallypoint.cluster;

import org.jspecify.annotations.NullMarked;
