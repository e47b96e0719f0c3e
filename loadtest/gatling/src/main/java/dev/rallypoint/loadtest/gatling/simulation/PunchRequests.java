package dev.rallypoint.loadtest.gatling.simulation;

import static dev.rallypoint.loadtest.gatling.dsl.RendezvousDsl.rendezvous;
import static io.gatling.javaapi.core.CoreDsl.constantUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.nothingFor;
import static io.gatling.javaapi.core.CoreDsl.rampUsers;
import static io.gatling.javaapi.core.CoreDsl.scenario;

import dev.rallypoint.loadtest.gatling.figures.Limit;
import io.gatling.javaapi.core.PopulationBuilder;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Registered devices are dialled at a fixed rate. With several targets half of the requests go to
 * the node where the device is registered, the other half to another one.
 */
public final class PunchRequests extends LoadSimulation {
  private static final String SAME_NODE = "punch same node";
  private static final String OTHER_NODE = "punch other node";

  private final Duration begin = options().ramp().plus(SETTLING);

  /** What is run. */
  public PunchRequests() {
    PopulationBuilder devices =
        scenario("devices")
            .feed(peers())
            .exec(register())
            .exec(beatWhileCalled(begin))
            .exec(goHome())
            .injectOpen(rampUsers(options().peers()).during(options().ramp()));
    Duration longest = longest(begin);
    if (options().nodes() == 1) {
      measure(longest, limits(options()), devices, callers(SAME_NODE, 0, options().rate()));
    } else {
      double half = options().rate() / 2;
      measure(
          longest,
          limits(options()),
          devices,
          callers(SAME_NODE, 0, half),
          callers(OTHER_NODE, 1, half));
    }
  }

  /**
   * Callers.
   *
   * @param away how many places behind its own node in the list a device is dialled at least
   */
  private PopulationBuilder callers(String request, int away, double rate) {
    int nodes = options().nodes();
    return scenario(request)
        .exec(session -> {
          ThreadLocalRandom random = ThreadLocalRandom.current();
          int home = random.nextInt(nodes);
          int asked = away == 0 ? home : (home + random.nextInt(away, nodes)) % nodes;
          return session.set("target", online().any(home)).set("node", asked);
        })
        .exec(call(exec(rendezvous(request).to("#{target}").at("#{node}"))))
        .injectOpen(nothingFor(begin), constantUsersPerSec(rate).during(options().duration()));
  }

  static List<Limit> limits(SimulationOptions options) {
    double count = Math.floor(options.rate() * Durations.seconds(options.duration()));
    List<Limit> devices =
        all(limits(options, REGISTER, options.peers()), limits(options, HEARTBEAT, 1));
    return options.nodes() == 1
        ? all(devices, limits(options, SAME_NODE, count))
        : all(
            devices,
            limits(options, SAME_NODE, Math.floor(count / 2)),
            limits(options, OTHER_NODE, Math.floor(count / 2)));
  }
}
