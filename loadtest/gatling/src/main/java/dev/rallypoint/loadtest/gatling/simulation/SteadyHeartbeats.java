package dev.rallypoint.loadtest.gatling.simulation;

import static dev.rallypoint.loadtest.gatling.dsl.RendezvousDsl.rendezvous;
import static io.gatling.javaapi.core.CoreDsl.pace;
import static io.gatling.javaapi.core.CoreDsl.rampUsers;
import static io.gatling.javaapi.core.CoreDsl.scenario;

import dev.rallypoint.loadtest.gatling.figures.Limit;
import java.time.Duration;
import java.util.List;

/** Devices register evenly spread and then send heartbeats at their pace; each sends as many. */
public final class SteadyHeartbeats extends LoadSimulation {
  /** What is run. */
  public SteadyHeartbeats() {
    int beats = beats(options());
    Duration longest = options().ramp().plus(options().interval().multipliedBy(beats));
    measure(
        longest,
        limits(options()),
        scenario("devices")
            .feed(peers())
            .exec(register())
            .repeat(beats)
            .on(pace(options().interval()).exec(rendezvous(HEARTBEAT).beat()))
            .exec(goHome())
            .injectOpen(rampUsers(options().peers()).during(options().ramp())));
  }

  static List<Limit> limits(SimulationOptions options) {
    return all(
        limits(options, REGISTER, options.peers()),
        limits(options, HEARTBEAT, (double) options.peers() * beats(options)));
  }

  private static int beats(SimulationOptions options) {
    return (int) Math.max(1, options.duration().toMillis() / options.interval().toMillis());
  }
}
