package dev.rallypoint.transport.datagram;

import org.jspecify.annotations.Nullable;

/**
 * Serves the datagrams of a {@link DatagramPort} in the thread that reads them, one after the
 * other. It waits for nothing. What it throws costs one datagram.
 */
@FunctionalInterface
public interface DatagramHandler {
  /** Takes a datagram that {@link #answer} had no answer to. */
  void onDatagram(Datagram datagram);

  /**
   * The answer to a datagram where it is known at once, sent with those of the same batch to where
   * the datagram came from; null where {@link #onDatagram} is to take it. Called on Linux only.
   *
   * @param datagram good during this call only
   */
  default @Nullable FixedAnswer answer(DatagramView datagram) {
    return null;
  }

  /**
   * Whether a datagram that has no such answer is dropped, and counted, before an object is made of
   * it. Called on Linux only.
   *
   * @param datagram good during this call only
   */
  default boolean isRefused(DatagramView datagram) {
    return false;
  }

  /** The datagrams that were read by one call are handled. */
  default void onBatchEnd() {}
}
