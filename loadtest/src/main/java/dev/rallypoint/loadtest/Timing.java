package dev.rallypoint.loadtest;

import java.time.Duration;
import java.util.List;

/**
 * How long a peer waits for what.
 *
 * @param registerInterval from an acknowledged registration to the next
 * @param registerRetry from an unanswered registration to the next
 * @param attemptWaits after each of the identical punch requests on one connection
 * @param patience for a connect, a handshake, a relay's answer, an expected peer: 18 s in the
 *     client
 */
record Timing(
    Duration registerInterval,
    Duration registerRetry,
    List<Duration> attemptWaits,
    Duration patience) {

  static Timing of(ClientVersion version) {
    return new Timing(
        version.registerInterval(),
        Duration.ofSeconds(3),
        version.attemptWaits(),
        Duration.ofSeconds(18));
  }

  Timing withRegisterInterval(Duration interval) {
    return new Timing(interval, registerRetry, attemptWaits, patience);
  }

  Timing withPatience(Duration longest) {
    return new Timing(registerInterval, registerRetry, attemptWaits, longest);
  }

  Timing withAttemptWaits(List<Duration> waits) {
    return new Timing(registerInterval, registerRetry, List.copyOf(waits), patience);
  }
}
