/**
 * Where a peer is: one entity per registered id keeps the truth, the node a peer registers to keeps
 * the beat. {@code PeerDirectory} is the only door; nothing here knows a socket.
 */
@NullMarked
package dev.rallypoint.registration;

import org.jspecify.annotations.NullMarked;
