package dev.rallypoint.loadtest.gatling.simulation;

import static dev.rallypoint.loadtest.gatling.dsl.RendezvousDsl.rendezvous;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.rampUsers;
import static io.gatling.javaapi.core.CoreDsl.scenario;

import dev.rallypoint.loadtest.gatling.figures.Limit;
import io.gatling.javaapi.core.ChainBuilder;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * All devices are silent for some time, as after a cut of the network or while the server is
 * restarted, and come back together from new ports. A device that gets no answer asks again, as
 * clients do; so a single "return" may fail, but each device must be back.
 */
public final class ReturnAfterOutage extends LoadSimulation {
  private static final String RETURN = "return";
  private static final String AFTER = "heartbeat after return";
  private static final int TRIES = 20;

  /** What is run. */
  public ReturnAfterOutage() {
    Duration outageEnds = options().ramp().plus(SETTLING).plus(options().outage());
    Duration returnEnds = outageEnds.plus(options().within());
    measure(
        returnEnds.plus(options().duration()).plus(options().timeout().multipliedBy(TRIES)),
        limits(options()),
        scenario("devices")
            .feed(peers())
            .exec(register())
            .exec(rendezvous("heartbeat before outage").beat())
            .exec(exec(session -> session).pause(session -> left(outageEnds)))
            .exec(exec(session -> session).pause(session -> moment(options().within())))
            .exec(comeBack())
            .exec(exec(session -> session).pause(session -> left(returnEnds)))
            .exec(exec(session -> session).pause(session -> moment(options().duration())))
            .exec(rendezvous(AFTER).beat())
            .exec(goHome())
            .injectOpen(rampUsers(options().peers()).during(options().ramp())));
  }

  private ChainBuilder comeBack() {
    return exec(session -> session).tryMax(TRIES).on(exec(rendezvous(RETURN).beat().onNewSocket()));
  }

  private static Duration moment(Duration within) {
    return Duration.ofNanos(ThreadLocalRandom.current().nextLong(within.toNanos() + 1));
  }

  static List<Limit> limits(SimulationOptions options) {
    return all(
        limits(options, REGISTER, options.peers()),
        limits(options, RETURN, options.peers()),
        limits(options, AFTER, options.peers()));
  }
}
