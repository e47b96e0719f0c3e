/**
 * Who a peer is and who the server is: ids, device uuids, Ed25519 keys and what is signed with
 * them.
 */
@NullMarked
package dev.rallypoint.protocol.identity;

import org.jspecify.annotations.NullMarked;
