/**
 * Where peers are registered. {@link PeerDirectory} is the entry. For each id there is one sharded
 * entity ({@link PeerRegistration}, by the rules of {@link PeerState}), which knows the peer's
 * home. The home's node has a lease ({@link LeaseBook}), by which it answers heartbeats without the
 * entity.
 */
@NullMarked
package dev.rallypoint.registration;

import org.jspecify.annotations.NullMarked;
