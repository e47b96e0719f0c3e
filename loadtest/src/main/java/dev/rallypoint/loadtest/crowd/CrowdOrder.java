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
   * @param firstId the others follow it
   * @param spread nanoseconds over which their first registrations are spread
   */
  record Gather(List<String> nodes, int misses, int firstId, int count, long spread)
      implements CrowdOrder {}

  /**
   * Say how many were acknowledged since a moment; answered by {@link Told}.
   *
   * @param since of {@code System.nanoTime}, which all processes of a Linux machine share
   */
  record Tell(long since) implements CrowdOrder {}

  /**
   * How it is.
   *
   * @param acknowledged how many peers were, since the moment
   * @param verdicts how often RegisterPk got which answer
   */
  record Told(long acknowledged, Map<RegisterPkResponse.Result, Long> verdicts)
      implements Serializable {}
}
