package example;

import static dev.rallypoint.loadtest.gatling.dsl.RendezvousDsl.*;
import static io.gatling.javaapi.core.CoreDsl.*;

import dev.rallypoint.loadtest.gatling.client.PunchAnswer;
import dev.rallypoint.loadtest.gatling.dsl.RendezvousProtocolBuilder;
import io.gatling.javaapi.core.PopulationBuilder;
import io.gatling.javaapi.core.Simulation;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;

/** An office: registered devices, and colleagues who dial some of them, directly and by relay. */
public class OfficeSimulation extends Simulation {
  private final int devices = Integer.getInteger("devices", 1_000);
  private final double calls = Double.parseDouble(System.getProperty("calls", "20"));
  private final Duration interval = Duration.ofSeconds(Integer.getInteger("interval", 15));
  private final Duration lasting = Duration.ofSeconds(Integer.getInteger("seconds", 60));

  private final RendezvousProtocolBuilder server =
      rendezvous
          .server(System.getProperty("server", "127.0.0.1"))
          .key(System.getProperty("key", ""))
          .sourceAddresses("127.18.0.1", 20)
          .limits(
              limit("heartbeat").p99(Duration.ofMillis(20)),
              limit("heartbeat").loss(0.01),
              limit("punch").p99(Duration.ofMillis(100)));

  private String id(int number) {
    return Integer.toString(800_000_000 + number);
  }

  /** The first seconds measure the JIT compiler: they have names of their own. */
  private PopulationBuilder warmUp() {
    return scenario("warm-up")
        .exec(session -> session.set("id", "warm-up-" + session.userId()))
        .exec(rendezvous("warm-up register").peer("#{id}"))
        .repeat(10)
        .on(
            repeat(10)
                .on(exec(rendezvous("warm-up heartbeat").beat()).pause(Duration.ofMillis(50)))
                .exec(rendezvous("warm-up punch").to("#{id}")))
        .injectOpen(atOnceUsers(20));
  }

  /** Heartbeats keep their pace however slow the answers are. */
  private PopulationBuilder devices() {
    return scenario("devices")
        .feed(
            IntStream.range(0, devices)
                .mapToObj(n -> Map.<String, Object>of("id", id(n)))
                .iterator())
        .exec(rendezvous("register").peer("#{id}"))
        .exitHereIfFailed()
        .forever()
        .on(pace(interval).exec(rendezvous("heartbeat").beat()))
        .injectOpen(rampUsers(devices).during(interval));
  }

  private PopulationBuilder callers() {
    return scenario("callers")
        .exec(session -> session.set("target", id(ThreadLocalRandom.current().nextInt(devices))))
        .exec(rendezvous("punch").to("#{target}"))
        .injectOpen(
            nothingFor(interval.plusSeconds(2)), constantUsersPerSec(calls).during(lasting));
  }

  private PopulationBuilder relayed() {
    return scenario("relayed")
        .exec(session -> session.set("target", id(ThreadLocalRandom.current().nextInt(devices))))
        .exec(
            rendezvous("punch behind NAT")
                .to("#{target}")
                .relayed()
                .expect(PunchAnswer.RELAY)
                .saveRelay("ticket"))
        .exitHereIfFailed()
        .exec(relay("join relay").join("ticket"))
        .exitHereIfFailed()
        .exec(relay("screen").messages(8_000, Duration.ofMillis(33), Duration.ofSeconds(10)))
        .exec(closeRelay())
        .injectOpen(nothingFor(interval.plusSeconds(2)), constantUsersPerSec(1).during(lasting));
  }

  public OfficeSimulation() {
    setUp(warmUp().andThen(devices(), callers(), relayed()))
        .maxDuration(lasting.plus(interval).plusSeconds(15))
        .protocols(server)
        .assertions(
            details("register").successfulRequests().count().is((long) devices),
            details("heartbeat").failedRequests().count().is(0L),
            details("punch").failedRequests().count().is(0L));
  }
}
