package dev.rallypoint.bootstrap;

import dev.rallypoint.cluster.ClusterMessage;

/**
 * What a node answers about itself to a node that wants to join.
 *
 * @param address the address of the answering node, {@code host:port}
 * @param isMember whether another node can join the cluster through it
 * @param cluster the name of its cluster
 * @param key its public key
 * @param access a fingerprint of the key that it asks clients for
 * @param database the id of the database that it shares with other nodes
 */
record NodeIdentity(
    String address, boolean isMember, String cluster, String key, String access, String database)
    implements ClusterMessage {}
