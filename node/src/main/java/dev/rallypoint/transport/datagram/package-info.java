/** UDP sockets, and the address of this machine that each datagram was sent to. */
@NullMarked
package dev.rallypoint.transport.datagram;

import org.jspecify.annotations.NullMarked;
