package dev.rallypoint.loadtest.bench;

import java.io.IOException;

/** A way from one socket to another that is measured. */
interface Contestant extends AutoCloseable {

  String name();

  /** The process that does the work, 0 when there is none. */
  long pid();

  /** CPU seconds that the work has cost so far, user and system. */
  default double cpu() throws IOException {
    return CpuTime.of(pid());
  }

  /** A connected session, in blocking mode. */
  Wire connect() throws IOException;

  @Override
  void close() throws IOException;
}
