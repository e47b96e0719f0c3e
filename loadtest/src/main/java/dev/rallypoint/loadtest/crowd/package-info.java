/**
 * Very many light clients of a cluster: registered peers that answer, requesters that ask at a
 * steady rate, relayed sessions that trickle, and the judge over what they were told.
 */
@NullMarked
package dev.rallypoint.loadtest.crowd;

import org.jspecify.annotations.NullMarked;
