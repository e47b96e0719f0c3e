package dev.rallypoint.cluster;

/**
 * Marks a message that may cross from node to node: a record of plain fields, {@code PeerAddress},
 * protobuf {@code ByteString} and {@code ActorRef}s, written as CBOR by jackson. No arrays, no
 * sealed type as a field: those fail only on the wire. Unknown fields are tolerated, so that nodes
 * of two versions understand each other. Each one is round-tripped in a test.
 */
public interface ClusterMessage {}
