package dev.rallypoint.loadtest.gatling.simulation;

import static dev.rallypoint.loadtest.gatling.dsl.RendezvousDsl.closeRelay;
import static dev.rallypoint.loadtest.gatling.dsl.RendezvousDsl.relay;
import static io.gatling.javaapi.core.CoreDsl.atOnceUsers;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.nothingFor;
import static io.gatling.javaapi.core.CoreDsl.rampUsers;
import static io.gatling.javaapi.core.CoreDsl.scenario;

import dev.rallypoint.loadtest.gatling.figures.Limit;
import dev.rallypoint.loadtest.gatling.figures.Measure;
import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.PopulationBuilder;
import java.time.Duration;
import java.util.List;

/**
 * Relayed sessions whose two ends are both here: first messages at the pace of screen sharing, each
 * timed from end to end, then as many bytes as the relay lets through.
 */
public final class RelayedSessions extends LoadSimulation {
  /** Each is a MiB that has arrived; its count in a second is MiB/s. */
  static final String MEBIBYTE = "relayed MiB";

  private static final String PAIR = "pair";
  private static final String MESSAGE = "screen message";
  private static final int CHUNK = 1;
  private static final Duration WARM_UP_MESSAGES = Duration.ofMillis(200);

  /** What is run. */
  public RelayedSessions() {
    Duration screens = options().ramp().plus(options().duration());
    Duration begin = screens.plus(SETTLING);
    PopulationBuilder sharing =
        scenario("screen sharing")
            .exec(relay(PAIR).bothEnds())
            .exitHereIfFailed()
            .exec(
                relay(MESSAGE).messages(options().frame(), options().every(), options().duration()))
            .exec(closeRelay())
            .injectOpen(rampUsers(options().sessions()).during(options().ramp()));
    if (options().bulk().isZero()) {
      measure(begin, limits(options()), sharing);
    } else {
      measure(
          begin.plus(options().bulk()).plus(options().timeout()),
          limits(options()),
          sharing,
          scenario("bulk")
              .exec(relay(PAIR).bothEnds())
              .exitHereIfFailed()
              .during(options().bulk())
              .on(exec(relay(MEBIBYTE).transfer(CHUNK)))
              .exec(closeRelay())
              .injectOpen(nothingFor(begin), atOnceUsers(options().sessions())));
    }
  }

  @Override
  int warmUpUsers() {
    return 10;
  }

  @Override
  ChainBuilder warmUpSteps() {
    return exec(relay("warm-up pair").bothEnds())
        .exec(
            relay("warm-up message")
                .messages(options().frame(), options().every(), WARM_UP_MESSAGES))
        .exec(relay("warm-up MiB").transfer(CHUNK))
        .exec(closeRelay());
  }

  static List<Limit> limits(SimulationOptions options) {
    double messages =
        Math.max(1, options.duration().toNanos() / options.every().toNanos())
            * (double) options.sessions();
    List<Limit> sharing =
        all(limits(options, PAIR, options.sessions()), limits(options, MESSAGE, messages));
    return options.bulk().isZero() ? sharing : all(sharing, bulk(options));
  }

  /** No limit on the time of a MiB: it is what the bandwidth settings of the relay make it. */
  private static List<Limit> bulk(SimulationOptions options) {
    return limits(options, MEBIBYTE, options.sessions()).stream()
        .filter(limit -> limit.measure() != Measure.P99)
        .toList();
  }
}
