/** Attacks in the name of another device or its requester. */
@NullMarked
package dev.rallypoint.loadtest.attacks.identity;

import org.jspecify.annotations.NullMarked;
