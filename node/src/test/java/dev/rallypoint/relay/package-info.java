/** Tests of the relay on real sockets. */
@NullMarked
package dev.rallypoint.relay;

import org.jspecify.annotations.NullMarked;
