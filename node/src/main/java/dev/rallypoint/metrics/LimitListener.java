package dev.rallypoint.metrics;

import dev.rallypoint.protocol.address.PeerAddress;
import org.jspecify.annotations.Nullable;

/**
 * Is told of each thing that a limit refused, ended or slowed down. Must be safe for all threads.
 */
@FunctionalInterface
public interface LimitListener {
  /** Nobody listens. */
  LimitListener NONE = (counter, limit, client) -> {};

  /**
   * A limit was hit once. Called for each refusal of a flood, so it has to be cheap.
   *
   * @param counter the label of the counter that counts it
   * @param limit what happened and which limit did it, in words
   * @param client whom it met; null where that is not known
   */
  void onLimit(String counter, String limit, @Nullable PeerAddress client);
}
