package dev.rallypoint.loadtest.gatling.simulation;

import static dev.rallypoint.loadtest.gatling.dsl.RendezvousDsl.limit;
import static dev.rallypoint.loadtest.gatling.dsl.RendezvousDsl.rendezvous;
import static io.gatling.javaapi.core.CoreDsl.atOnceUsers;
import static io.gatling.javaapi.core.CoreDsl.details;
import static io.gatling.javaapi.core.CoreDsl.scenario;

import io.gatling.javaapi.core.Simulation;

/** Ten peers with two heartbeats each: a run as short as can be. */
public final class TwoBeatsSimulation extends Simulation {
  /** What is run. */
  public TwoBeatsSimulation() {
    setUp(
            scenario("peers of " + Integer.getInteger("test.generator", 1))
                .exec(session -> session.set("id", "two-beats-" + session.userId()))
                .exec(rendezvous("register").peer("#{id}"))
                .repeat(2)
                .on(rendezvous("heartbeat").beat())
                .injectOpen(atOnceUsers(10)))
        .protocols(
            rendezvous
                .server("127.0.0.1")
                .port(Integer.getInteger("test.port", 21116))
                .limits(limit("heartbeat").failed(0), limit("heartbeat").succeeded(20)))
        .assertions(details("heartbeat").failedRequests().count().is(0L));
  }
}
