package dev.rallypoint.bootstrap;

import dev.rallypoint.cluster.ClusterMessage;
import org.jspecify.annotations.Nullable;

/**
 * What a node answers about itself to a node that wants to join.
 *
 * @param address the address of the answering node, {@code host:port}
 * @param isMember whether another node can join the cluster through it
 * @param cluster the name of its cluster
 * @param key its public key
 * @param access a fingerprint of the key that it asks clients for
 * @param database the id of the database that it shares with other nodes
 * @param foundToken whether it found the asker's token in that database; null from a node of a
 *     version that does not know tokens
 * @param format the number of its {@link dev.rallypoint.cluster.MessageFormat}; 0 from a node of a
 *     version that does not tell it
 */
record NodeIdentity(
    String address,
    boolean isMember,
    String cluster,
    String key,
    String access,
    String database,
    @Nullable DatabaseMatch foundToken,
    int format)
    implements ClusterMessage {

  /** Whether its database is that of the node that asked. */
  DatabaseMatch match() {
    return foundToken == null ? DatabaseMatch.COMMON : foundToken;
  }

  /** Whether it is a member, and its database is known to be that of the node that asked. */
  boolean isJoinable() {
    return isMember && match() == DatabaseMatch.COMMON;
  }
}
