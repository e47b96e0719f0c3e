/**
 * What a TCP connection of the relay does before it is part of a session, as phases of its leg: the
 * PROXY header, the RequestRelay or a console command, the ticket of a pipe, and the wait for the
 * partner.
 */
@NullMarked
package dev.rallypoint.relay.handshake;

import org.jspecify.annotations.NullMarked;
