package dev.rallypoint.registration;

import com.google.protobuf.ByteString;

/**
 * A node's right to answer a peer's heartbeats without asking the id's entity.
 *
 * @param epoch the number that the entity gave to this registration; of two leases of one peer the
 *     one with the greater epoch is valid
 * @param key the peer's stored public key
 */
record Lease(Home home, long epoch, ByteString key) {}
