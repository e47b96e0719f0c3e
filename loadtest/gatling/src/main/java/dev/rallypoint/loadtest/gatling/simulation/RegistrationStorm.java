package dev.rallypoint.loadtest.gatling.simulation;

import static dev.rallypoint.loadtest.gatling.dsl.RendezvousDsl.rendezvous;
import static io.gatling.javaapi.core.CoreDsl.constantUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.scenario;

import dev.rallypoint.loadtest.gatling.figures.Limit;
import java.time.Duration;
import java.util.List;

/** Devices register at a fixed rate, each with its key and a first heartbeat, and stay. */
public final class RegistrationStorm extends LoadSimulation {
  private static final String FIRST_HEARTBEAT = "first heartbeat";

  /** What is run. */
  public RegistrationStorm() {
    Duration storm = options().duration();
    measure(
        storm.plus(SETTLING),
        limits(options()),
        scenario("devices")
            .feed(peers())
            .exec(register())
            .exec(rendezvous(FIRST_HEARTBEAT).beat())
            .exec(exec(session -> session).pause(session -> left(storm)))
            .exec(goHome())
            .injectOpen(constantUsersPerSec(options().rate()).during(storm)));
  }

  static List<Limit> limits(SimulationOptions options) {
    double count = Math.floor(options.rate() * Durations.seconds(options.duration()));
    return all(limits(options, REGISTER, count), limits(options, FIRST_HEARTBEAT, count));
  }
}
