package dev.rallypoint.loadtest.gatling.client;

import dev.rallypoint.loadtest.gatling.link.Failure;

/** Told once how an undertaking ended, on the event loop of its user. */
public interface Outcome {
  /** It succeeded. */
  void ok();

  /** It failed. */
  void ko(Failure failure);
}
