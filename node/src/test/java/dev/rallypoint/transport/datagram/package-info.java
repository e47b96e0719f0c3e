/** Tests of bytes in and out, on real sockets. */
@NullMarked
package dev.rallypoint.transport.datagram;

import org.jspecify.annotations.NullMarked;
