/** How a simulated client keeps itself registered at the ID server. */
@NullMarked
package dev.rallypoint.loadtest.peer.registration;

import org.jspecify.annotations.NullMarked;
