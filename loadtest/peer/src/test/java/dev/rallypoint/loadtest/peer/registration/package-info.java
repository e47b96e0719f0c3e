/** Tests of the timing of registrations. */
@NullMarked
package dev.rallypoint.loadtest.peer.registration;

import org.jspecify.annotations.NullMarked;
