package dev.rallypoint.loadtest.gatling.simulation;

import static dev.rallypoint.loadtest.gatling.dsl.RendezvousDsl.rendezvous;
import static io.gatling.javaapi.core.CoreDsl.constantUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.nothingFor;
import static io.gatling.javaapi.core.CoreDsl.rampUsers;
import static io.gatling.javaapi.core.CoreDsl.scenario;

import dev.rallypoint.loadtest.gatling.figures.Limit;
import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.PopulationBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Open address books ask which of their entries are online, half of which are, as far as there are
 * so many devices. An answer that says otherwise of a single one is a failure.
 */
public final class OnlineQueries extends LoadSimulation {
  private static final String QUERY = "online query";

  private final Duration begin = options().ramp().plus(SETTLING);

  /** What is run. */
  public OnlineQueries() {
    int known = Math.min(options().peers(), options().entries() / 2);
    List<String> book = new ArrayList<>(ids(known));
    IntStream.range(known, options().entries()).forEach(n -> book.add("offline-" + n));
    PopulationBuilder devices =
        scenario("devices")
            .feed(peers())
            .exec(register())
            .exec(beatWhileCalled(begin))
            .exec(goHome())
            .injectOpen(rampUsers(options().peers()).during(options().ramp()));
    PopulationBuilder books =
        scenario("address books")
            .exec(call(exec(rendezvous(QUERY).online(session -> book).expectOnline(known))))
            .injectOpen(
                nothingFor(begin),
                constantUsersPerSec(options().rate()).during(options().duration()));
    measure(longest(begin), limits(options()), devices, books);
  }

  @Override
  ChainBuilder warmUpSteps() {
    return exec(rendezvous("warm-up heartbeat").beat())
        .exec(rendezvous("warm-up online").online(session -> ids(10)))
        .pause(Duration.ofMillis(200));
  }

  static List<Limit> limits(SimulationOptions options) {
    return all(
        limits(options, REGISTER, options.peers()),
        limits(options, HEARTBEAT, 1),
        limits(options, QUERY, Math.floor(options.rate() * Durations.seconds(options.duration()))));
  }
}
