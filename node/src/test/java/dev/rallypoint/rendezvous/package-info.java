/** The ID server on real sockets, flow by flow and with bad input. */
@NullMarked
package dev.rallypoint.rendezvous;

import org.jspecify.annotations.NullMarked;
