/**
 * The phases of a TCP leg before it is part of a session: the PROXY header, the RequestRelay or a
 * console command, the ticket of a backhaul connection, and the wait for the partner.
 */
@NullMarked
package dev.rallypoint.relay.handshake;

import org.jspecify.annotations.NullMarked;
