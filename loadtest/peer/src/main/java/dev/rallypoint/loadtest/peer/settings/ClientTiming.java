package dev.rallypoint.loadtest.peer.settings;

import java.time.Duration;
import java.util.List;

/**
 * The intervals and timeouts of a client.
 *
 * @param registerInterval from an acknowledged registration to the next one
 * @param registerRetry from an unanswered registration to the next one
 * @param attemptWaits how long a requester waits after each of its identical PunchHoleRequests
 * @param timeout for a connect, a handshake, an answer of a relay, and an expected peer; 18 s
 */
public record ClientTiming(
    Duration registerInterval,
    Duration registerRetry,
    List<Duration> attemptWaits,
    Duration timeout) {
  /** The timing of a client of this version. */
  public static ClientTiming of(ClientVersion version) {
    return new ClientTiming(
        version.registerInterval(),
        Duration.ofSeconds(3),
        version.attemptWaits(),
        Duration.ofSeconds(18));
  }

  /** The same timing with other waits, which also set how many requests are sent. */
  public ClientTiming withAttemptWaits(List<Duration> waits) {
    return new ClientTiming(registerInterval, registerRetry, List.copyOf(waits), timeout);
  }
}
