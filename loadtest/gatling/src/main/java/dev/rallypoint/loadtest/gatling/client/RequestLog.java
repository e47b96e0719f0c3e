package dev.rallypoint.loadtest.gatling.client;

import dev.rallypoint.loadtest.gatling.link.Failure;

/** Where requests are logged that are not steps of a scenario, such as answers to pushes. */
public interface RequestLog {
  /** A request ended well just now. */
  void ok(String request, long startNanos);

  /** A request failed just now. */
  void ko(String request, long startNanos, Failure failure);
}
