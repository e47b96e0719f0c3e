package dev.rallypoint.loadtest.gatling.capacity;

/**
 * When requests are due: at a rate that does not yield to the server. Above 1,000 a second those of
 * a millisecond are due together, so that the timer's own steps are not counted as the server's.
 *
 * @param start on the clock of {@code System.nanoTime}
 * @param rate requests a second
 */
record Arrivals(long start, long rate) {
  private static final long SECOND = 1_000_000_000;
  private static final long STEP = 1_000_000;

  /** When a request is due, by its number from 0. */
  long due(long number) {
    long exact = number / rate * SECOND + number % rate * SECOND / rate;
    return start + (rate > SECOND / STEP ? exact / STEP * STEP : exact);
  }
}
