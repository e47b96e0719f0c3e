/**
 * The encrypted link between a client and the server on native TCP: the KeyExchange handshake and
 * the secretbox channel behind it, byte-equal to libsodium's primitives.
 */
@NullMarked
package dev.rallypoint.protocol.secure;

import org.jspecify.annotations.NullMarked;
