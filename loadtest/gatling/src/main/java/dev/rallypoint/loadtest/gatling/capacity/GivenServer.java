package dev.rallypoint.loadtest.gatling.capacity;

import dev.rallypoint.loadtest.gatling.link.ServerAddress;
import java.util.Optional;

/**
 * A server that runs already.
 *
 * @param name its name in the table
 * @param address where it listens
 * @param key the key of its clients; empty for none
 */
record GivenServer(String name, ServerAddress address, String key) implements ServerUnderTest {
  @Override
  public double cpuSeconds() {
    return Double.NaN;
  }

  @Override
  public Optional<String> lacks(Load load) {
    return Optional.empty();
  }

  @Override
  public void close() {
    // not started here
  }
}
