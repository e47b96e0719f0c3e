package dev.rallypoint.loadtest;

import java.time.Duration;

/** A target's registration, kept up by one thread until it is closed. */
interface Registration extends AutoCloseable {
  /** Registers and hears pushes until it is closed. */
  void run();

  /** The id it has now. */
  String id();

  /** The target doubts its own registration: its key is sent again. */
  void unconfirm();

  int localPort();

  /** Responses that say the id is registered. */
  long acknowledgements();

  boolean awaitRegistered(Duration timeout) throws InterruptedException;

  @Override
  void close();
}
