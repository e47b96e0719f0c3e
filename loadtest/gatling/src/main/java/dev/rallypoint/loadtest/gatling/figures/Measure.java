package dev.rallypoint.loadtest.gatling.figures;

/** What a {@link Limit} is set on. */
public enum Measure {
  /** Half of the successful requests took at most so many microseconds. */
  P50("p50", "us", false),
  /** 95 % of the successful requests took at most so many microseconds. */
  P95("p95", "us", false),
  /** 99 % of the successful requests took at most so many microseconds. */
  P99("p99", "us", false),
  /** 99.9 % of the successful requests took at most so many microseconds. */
  P999("p99.9", "us", false),
  /** The slowest successful request took at most so many microseconds. */
  MAX("max", "us", false),
  /** At most so many requests failed. */
  FAILED("failed", "", false),
  /** At most this share of the requests failed, in percent. */
  LOSS("loss", "%", false),
  /** At least so many requests succeeded. */
  SUCCEEDED("succeeded", "", true);

  private final String text;
  private final String unit;
  private final boolean isLowest;

  Measure(String text, String unit, boolean isLowest) {
    this.text = text;
    this.unit = unit;
    this.isLowest = isLowest;
  }

  /** The name in the JSON of figures. */
  public String text() {
    return text;
  }

  /** The unit, or empty for a count. */
  public String unit() {
    return unit;
  }

  double of(RequestSummary requests) {
    return switch (this) {
      case P50 -> requests.percentile(50);
      case P95 -> requests.percentile(95);
      case P99 -> requests.percentile(99);
      case P999 -> requests.percentile(99.9);
      case MAX -> requests.micros().getMaxValue();
      case FAILED -> requests.ko();
      case LOSS -> requests.loss() * 100;
      case SUCCEEDED -> requests.ok();
    };
  }

  boolean holds(double value, double bound) {
    return isLowest ? value >= bound : value <= bound;
  }

  /** Whether the measure is a time of successful requests: without any it says nothing. */
  boolean needsSuccess() {
    return unit.equals("us");
  }
}
