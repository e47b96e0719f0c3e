/**
 * Load on a cluster: groups of many registered peers, requesters at a steady rate, relayed
 * sessions, and conflicting registrations whose results are checked.
 */
@NullMarked
package dev.rallypoint.loadtest.load;

import org.jspecify.annotations.NullMarked;
