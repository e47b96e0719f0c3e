/**
 * What the other packages need of Pekko's cluster: the members, messages between nodes, the relays
 * of all nodes, and the parts that a node cannot work without.
 */
@NullMarked
package dev.rallypoint.cluster;

import org.jspecify.annotations.NullMarked;
