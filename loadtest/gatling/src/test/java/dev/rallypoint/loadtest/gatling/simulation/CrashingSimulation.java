package dev.rallypoint.loadtest.gatling.simulation;

import static dev.rallypoint.loadtest.gatling.dsl.Check.check;
import static dev.rallypoint.loadtest.gatling.dsl.RendezvousDsl.rendezvous;
import static io.gatling.javaapi.core.CoreDsl.atOnceUsers;
import static io.gatling.javaapi.core.CoreDsl.scenario;

import io.gatling.javaapi.core.Simulation;

/** Exceptions in a check, in an expression and in a block of the scenario; no assertion. */
public final class CrashingSimulation extends Simulation {
  /** What is run. */
  public CrashingSimulation() {
    setUp(
            scenario("crash")
                .exec(
                    rendezvous("throwing check")
                        .peer("crash-1")
                        .check(
                            check(
                                "throws",
                                answer -> {
                                  throw new IllegalStateException("on purpose");
                                })))
                .exec(rendezvous("missing attribute").to("#{nobody}"))
                .exec(session -> {
                  throw new IllegalStateException("on purpose");
                })
                .injectOpen(atOnceUsers(1)))
        .protocols(rendezvous.server("127.0.0.1").port(Integer.getInteger("test.port", 21116)));
  }
}
