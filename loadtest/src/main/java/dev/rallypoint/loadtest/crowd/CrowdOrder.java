package dev.rallypoint.loadtest.crowd;

import dev.rallypoint.protocol.proto.RegisterPkResponse;
import java.io.Serializable;
import java.util.List;
import java.util.Map;

/** What the process of a {@link FarCrowd} may be told. */
sealed interface CrowdOrder extends Serializable {

  /**
   * Gather so many peers; answered by {@link Told}.
   *
   * @param nodes their addresses
   * @param misses after which a peer goes to the next node
   * @param addresses where the peers come from
   * @param firstId the others follow it
   * @param spread nanoseconds over which their first registrations are spread
   */
  record Gather(
      List<String> nodes, int misses, CrowdAddresses addresses, int firstId, int count, long spread)
      implements CrowdOrder {}

  /** Carry one in so many peers behind another ip; answered by {@link Carried}. */
  record CarryAway(int oneIn) implements CrowdOrder {}

  /**
   * Say how many were acknowledged since a moment; answered by {@link Told}.
   *
   * @param since of {@code System.nanoTime}, which all processes of a Linux machine share
   */
  record Tell(long since) implements CrowdOrder {}

  /** So many peers were carried away. */
  record Carried(int peers) implements Serializable {}

  /**
   * How it is.
   *
   * @param acknowledged how many peers were, since the moment
   * @param verdicts how often RegisterPk got which answer
   */
  record Told(long acknowledged, Map<RegisterPkResponse.Result, Long> verdicts)
      implements Serializable {}
}
