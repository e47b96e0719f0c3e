package dev.rallypoint.loadtest.gatling.capacity;

import dev.rallypoint.loadtest.gatling.link.ServerAddress;
import java.io.IOException;
import java.util.Optional;

/** A server to measure; {@link #close} ends it if it was started here. */
interface ServerUnderTest extends AutoCloseable {
  /** Its name in the table. */
  String name();

  /** Where it listens. */
  ServerAddress address();

  /** The key of its clients; empty for none. */
  String key();

  /** The processor time of its processes so far; NaN where they are not of this machine. */
  double cpuSeconds() throws IOException;

  /** Why a load cannot be measured with it; empty when it can. */
  Optional<String> lacks(Load load);

  @Override
  void close();
}
