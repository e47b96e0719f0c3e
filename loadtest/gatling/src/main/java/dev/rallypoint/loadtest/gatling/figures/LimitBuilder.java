package dev.rallypoint.loadtest.gatling.figures;

import java.time.Duration;

/** Makes limits on the requests of one name. */
public final class LimitBuilder {
  private static final int NANOS_A_MICRO = 1000;

  private final String request;

  /** Limits on the requests of this name. */
  public LimitBuilder(String request) {
    this.request = request;
  }

  /** Half of the successful requests end within this time. */
  public Limit p50(Duration bound) {
    return time(Measure.P50, bound);
  }

  /** 95 % of the successful requests end within this time. */
  public Limit p95(Duration bound) {
    return time(Measure.P95, bound);
  }

  /** 99 % of the successful requests end within this time. */
  public Limit p99(Duration bound) {
    return time(Measure.P99, bound);
  }

  /** 99.9 % of the successful requests end within this time. */
  public Limit p999(Duration bound) {
    return time(Measure.P999, bound);
  }

  /** Each successful request ends within this time. */
  public Limit max(Duration bound) {
    return time(Measure.MAX, bound);
  }

  /** No more requests than this fail. */
  public Limit failed(long most) {
    return new Limit(request, Measure.FAILED, most);
  }

  /** No more requests than this share fail, in percent. */
  public Limit loss(double mostPercent) {
    return new Limit(request, Measure.LOSS, mostPercent);
  }

  /** At least this many requests succeed. */
  public Limit succeeded(long least) {
    return new Limit(request, Measure.SUCCEEDED, least);
  }

  private Limit time(Measure measure, Duration bound) {
    return new Limit(request, measure, (double) bound.toNanos() / NANOS_A_MICRO);
  }
}
