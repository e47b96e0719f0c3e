package dev.rallypoint.loadtest.gatling.simulation;

import static dev.rallypoint.loadtest.gatling.dsl.RendezvousDsl.limit;
import static dev.rallypoint.loadtest.gatling.dsl.RendezvousDsl.rendezvous;
import static io.gatling.javaapi.core.CoreDsl.constantUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.details;
import static io.gatling.javaapi.core.CoreDsl.nothingFor;
import static io.gatling.javaapi.core.CoreDsl.pace;
import static io.gatling.javaapi.core.CoreDsl.rampUsers;
import static io.gatling.javaapi.core.CoreDsl.scenario;

import dev.rallypoint.loadtest.gatling.dsl.RendezvousProtocolBuilder;
import io.gatling.javaapi.core.ScenarioBuilder;
import io.gatling.javaapi.core.Simulation;
import java.time.Duration;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

/** Peers that register and send heartbeats, and callers who dial them. */
public final class PunchSimulation extends Simulation {
  private static final int PEERS = Integer.getInteger("test.peers", 100);
  private static final int SECONDS = Integer.getInteger("test.seconds", 5);
  private static final double RATE = Double.parseDouble(System.getProperty("test.rate", "50"));

  private final RendezvousProtocolBuilder protocol =
      rendezvous
          .server("127.0.0.1")
          .port(Integer.getInteger("test.port", 21116))
          .key(System.getProperty("test.key", ""))
          .sourceAddresses("127.18.0.1", Integer.getInteger("test.addresses", 20))
          .limits(
              limit("heartbeat").failed(0),
              limit("heartbeat").p50(Duration.ofMillis(900)),
              limit("punch").succeeded(10));

  private final ScenarioBuilder peers =
      scenario("peers")
          .feed(ids())
          .exec(rendezvous("register").peer("#{id}"))
          .exitHereIfFailed()
          .forever()
          .on(pace(Duration.ofSeconds(1)).exec(rendezvous("heartbeat").beat()));

  private final ScenarioBuilder callers =
      scenario("callers")
          .exec(session -> session.set("target", id(ThreadLocalRandom.current().nextInt(PEERS))))
          .exec(rendezvous("punch").to("#{target}"));

  /** What is run. */
  public PunchSimulation() {
    setUp(
            peers.injectOpen(rampUsers(PEERS).during(1)),
            callers.injectOpen(nothingFor(2), constantUsersPerSec(RATE).during(SECONDS - 2)))
        .maxDuration(Duration.ofSeconds(SECONDS))
        .protocols(protocol)
        .assertions(
            details("register").failedRequests().count().is(0L),
            details("register").successfulRequests().count().is((long) PEERS),
            details("punch").failedRequests().count().is(0L));
  }

  private static Iterator<Map<String, Object>> ids() {
    return IntStream.iterate(0, n -> n + 1)
        .mapToObj(n -> Map.<String, Object>of("id", id(n)))
        .iterator();
  }

  private static String id(int number) {
    return Integer.toString(700_000_000 + number);
  }
}
