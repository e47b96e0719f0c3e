package dev.rallypoint.metrics;

import org.jspecify.annotations.Nullable;

/** Times that are measured, each as a histogram in seconds. */
public enum Timing {
  /** From a punch request until its answer. */
  PUNCH_ANSWER(
      "rallypoint_punch_answer_seconds",
      "From a requester's first request for a target until the target's answer is handed to it.",
      null,
      Bounds.WAITS),
  /** From a leg until its partner. */
  RELAY_PAIR(
      "rallypoint_relay_pair_seconds",
      "From the first leg of a relay session until its partner is found; counted as sessions are"
          + " paired, once.",
      null,
      Bounds.WAITS),
  /** A call of the database. */
  STORE_CALL(
      "rallypoint_store_call_seconds",
      "Calls of the database, from when they are queued until their answer, failed ones too.",
      "call",
      Bounds.CALLS);

  /** Upper bounds of buckets, in seconds; of a class of their own, as constants are made first. */
  private static final class Bounds {
    /** Of what waits for a client. */
    static final double[] WAITS = {0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30};

    /** Of what the node itself does. */
    static final double[] CALLS = {
      0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5
    };
  }

  private final String metric;
  private final String help;
  private final @Nullable String label;
  private final double[] bounds;

  Timing(String metric, String help, @Nullable String label, double[] bounds) {
    this.metric = metric;
    this.help = help;
    this.label = label;
    this.bounds = bounds;
  }

  String metric() {
    return metric;
  }

  String help() {
    return help;
  }

  /** The name of its label; null where it has none. */
  @Nullable String label() {
    return label;
  }

  /** The upper bounds of its buckets, in seconds. */
  double[] bounds() {
    return bounds.clone();
  }
}
