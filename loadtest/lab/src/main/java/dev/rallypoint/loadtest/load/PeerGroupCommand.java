package dev.rallypoint.loadtest.load;

import dev.rallypoint.protocol.proto.RegisterPkResponse;
import java.io.Serializable;
import java.util.List;
import java.util.Map;

/** The commands to the process of a {@link PeerGroupProcess}, and its replies. */
public sealed interface PeerGroupCommand extends Serializable {
  /**
   * Adds the peers of the group; the reply is {@link Counts}.
   *
   * @param nodes the addresses of the nodes
   * @param misses after how many unanswered registrations a peer changes to the next node
   * @param addresses the source addresses
   * @param firstId the first id; the others follow it
   * @param count the number of peers
   * @param spread the nanoseconds over which the first registrations are spread
   */
  record AddPeers(
      List<String> nodes,
      int misses,
      SourceAddresses addresses,
      int firstId,
      int count,
      long spread)
      implements PeerGroupCommand {}

  /**
   * Changes the source address of some peers; the reply is {@link AddressesChanged}.
   *
   * @param oneIn every how many-th peer
   */
  record ChangeAddresses(int oneIn) implements PeerGroupCommand {}

  /**
   * Counts the acknowledged peers; the reply is {@link Counts}.
   *
   * @param since a moment of {@code System.nanoTime}, which all processes of a Linux machine share
   */
  record Count(long since) implements PeerGroupCommand {}

  /**
   * The reply to {@link ChangeAddresses}.
   *
   * @param peers how many peers got another address
   */
  record AddressesChanged(int peers) implements Serializable {}

  /**
   * The reply to {@link Count}.
   *
   * @param acknowledged how many peers were acknowledged since the moment
   * @param results how often RegisterPk had each result
   */
  record Counts(long acknowledged, Map<RegisterPkResponse.Result, Long> results)
      implements Serializable {}
}
