package dev.rallypoint.loadtest.gatling.capacity;

/** A kind of requests, and what must be there before they can be sent. */
interface Traffic extends AutoCloseable {
  /** Makes ready for a run: opens what the requests need. May block. */
  void begin() throws InterruptedException;

  /**
   * Sends a request on an event loop.
   *
   * @param place which of the loops this is
   */
  void send(int place, long due, StepRecord counts);

  /** The run is over; what is on its way may be cut off. May block. */
  void end() throws InterruptedException;

  /** Closes what is open. */
  @Override
  void close();
}
