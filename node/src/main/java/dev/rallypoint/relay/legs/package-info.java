/**
 * The actor of a node for the legs whose sockets are on this node, {@link
 * dev.rallypoint.relay.legs.NodeLegs}: it asks sessions on behalf of its legs, repeats what was not
 * answered, and drains the node.
 */
@NullMarked
package dev.rallypoint.relay.legs;

import org.jspecify.annotations.NullMarked;
