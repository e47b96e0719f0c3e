/**
 * What operators see of the whole cluster and do to it, from any node: an actor on each node that
 * answers for it, and the questions to all of them.
 */
@NullMarked
package dev.rallypoint.app.steering;

import org.jspecify.annotations.NullMarked;
