/** Tests of sessions between two simulated clients. */
@NullMarked
package dev.rallypoint.loadtest.peer.session;

import org.jspecify.annotations.NullMarked;
