package dev.rallypoint.loadtest.gatling.engine;

import dev.rallypoint.loadtest.gatling.figures.Figures;
import dev.rallypoint.loadtest.gatling.link.Failure;
import io.gatling.commons.stats.KO$;
import io.gatling.commons.stats.OK$;
import io.gatling.core.CoreComponents;
import io.gatling.core.session.Session;
import scala.Option;

/** Logs each request twice: in Gatling's report in milliseconds, in our figures in microseconds. */
final class GatlingLog {
  private static final long NANOS_A_MILLI = 1_000_000;

  private final CoreComponents core;
  private final Figures figures;

  GatlingLog(CoreComponents core, Figures figures) {
    this.core = core;
    this.figures = figures;
  }

  /** A request has ended well now; returns the session with the time in its groups. */
  Session ok(Session session, String request, long startNanos) {
    long took = System.nanoTime() - startNanos;
    long end = core.clock().nowMillis();
    long start = end - took / NANOS_A_MILLI;
    figures.ok(request, took);
    core.statsEngine()
        .logResponse(
            session.scenario(),
            session.groups(),
            request,
            start,
            end,
            OK$.MODULE$,
            Option.empty(),
            Option.empty());
    return session.logGroupRequestTimings(start, end);
  }

  /** A request has failed now; the session returned is marked as failed. */
  Session ko(Session session, String request, long startNanos, Failure failure) {
    long took = System.nanoTime() - startNanos;
    long end = core.clock().nowMillis();
    long start = end - took / NANOS_A_MILLI;
    figures.ko(request, failure.text());
    core.statsEngine()
        .logResponse(
            session.scenario(),
            session.groups(),
            request,
            start,
            end,
            KO$.MODULE$,
            Option.empty(),
            Option.apply(failure.text()));
    return session.logGroupRequestTimings(start, end).markAsFailed();
  }
}
