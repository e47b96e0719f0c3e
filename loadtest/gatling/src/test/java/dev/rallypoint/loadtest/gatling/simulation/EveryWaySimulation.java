package dev.rallypoint.loadtest.gatling.simulation;

import static dev.rallypoint.loadtest.gatling.dsl.RendezvousDsl.closeRelay;
import static dev.rallypoint.loadtest.gatling.dsl.RendezvousDsl.leave;
import static dev.rallypoint.loadtest.gatling.dsl.RendezvousDsl.relay;
import static dev.rallypoint.loadtest.gatling.dsl.RendezvousDsl.rendezvous;
import static io.gatling.javaapi.core.CoreDsl.atOnceUsers;
import static io.gatling.javaapi.core.CoreDsl.details;
import static io.gatling.javaapi.core.CoreDsl.global;
import static io.gatling.javaapi.core.CoreDsl.nothingFor;
import static io.gatling.javaapi.core.CoreDsl.scenario;

import dev.rallypoint.loadtest.gatling.client.PunchAnswer;
import dev.rallypoint.protocol.proto.RegisterPkResponse.Result;
import io.gatling.javaapi.core.ScenarioBuilder;
import io.gatling.javaapi.core.Simulation;
import java.time.Duration;
import java.util.List;

/** Each step of the DSL at least once, over each way that it has. */
public final class EveryWaySimulation extends Simulation {
  private static final Duration EVERY = Duration.ofMillis(20);
  private static final Duration DURING = Duration.ofMillis(500);

  private final ScenarioBuilder udp =
      scenario("udp peer")
          .exec(rendezvous("register udp").peer("way-udp-1"))
          .exec(rendezvous("beat udp").beat())
          .pause(2)
          .exec(rendezvous("beat udp").beat().onNewSocket())
          .pause(2)
          .exec(leave());

  private final ScenarioBuilder tcp =
      scenario("tcp peer")
          .exec(rendezvous("register tcp").peer("way-tcp-1").overTcp())
          .pause(9)
          .exec(rendezvous("beat tcp").beat());

  private final ScenarioBuilder webSocket =
      scenario("websocket peer")
          .exec(rendezvous("register ws").peer("way-ws-1").overWebSocket())
          .pause(9)
          .exec(rendezvous("beat ws").beat());

  private final ScenarioBuilder other =
      scenario("other device")
          .exec(
              rendezvous("register other")
                  .peer("way-udp-1")
                  .asOtherDevice(1)
                  .expect(Result.UUID_MISMATCH))
          .exec(rendezvous("nat").natTest())
          .exec(rendezvous("nat").natTest().atSecondPort());

  private final ScenarioBuilder dials =
      scenario("dials")
          .exec(rendezvous("punch tcp").to("way-tcp-1").expect(PunchAnswer.ADDRESS))
          .exec(rendezvous("punch unknown").to("way-nobody").expect(PunchAnswer.UNKNOWN_ID))
          .exec(rendezvous("punch logged in").to("way-tcp-1").loggedIn("none"))
          .exec(
              rendezvous("punch ws")
                  .to("way-udp-1")
                  .overWebSocket()
                  .expect(PunchAnswer.RELAY)
                  .saveRelay("ticket"))
          .exec(relay("join tcp").join("ticket"))
          .exec(relay("echoed").messages(1_000, EVERY, DURING))
          .exec(relay("echoed MiB").transfer(4))
          .exec(closeRelay())
          .exec(rendezvous("punch before").to("way-ws-1").expect(PunchAnswer.RELAY))
          .exec(rendezvous("request relay").relayTo("way-ws-1").saveRelay("ticket"))
          .exec(relay("join mixed").join("ticket"))
          .exec(relay("echoed mixed").messages(1_000, EVERY, DURING))
          .exec(closeRelay())
          .exec(relay("pair tcp").bothEnds())
          .exec(relay("MiB tcp").transfer(16))
          .exec(relay("frame tcp").messages(8_000, EVERY, DURING))
          .exec(relay("pair ws").bothEnds().overWebSocket())
          .exec(relay("MiB ws").transfer(16))
          .exec(relay("frame ws").messages(8_000, EVERY, DURING))
          .exec(
              rendezvous("online")
                  .online(session -> List.of("way-tcp-1", "way-nobody", "way-ws-1"))
                  .expectOnline(2))
          .exec(
              rendezvous("online ws")
                  .online(session -> List.of("way-tcp-1", "way-nobody", "way-ws-1"))
                  .overWebSocket()
                  .expectOnline(2));

  /** What is run. */
  public EveryWaySimulation() {
    setUp(
            udp.injectOpen(atOnceUsers(1)),
            tcp.injectOpen(atOnceUsers(1)),
            webSocket.injectOpen(atOnceUsers(1)),
            other.injectOpen(nothingFor(1), atOnceUsers(1)),
            dials.injectOpen(nothingFor(1), atOnceUsers(1)))
        .maxDuration(Duration.ofSeconds(15))
        .protocols(
            rendezvous
                .server("127.0.0.1")
                .port(Integer.getInteger("test.port", 21116))
                .key(System.getProperty("test.key", ""))
                .sourceAddresses("127.19.0.1", 20))
        .assertions(
            global().failedRequests().count().is(0L),
            details("frame ws").successfulRequests().count().is(25L),
            details("online ws").successfulRequests().count().is(1L));
  }
}
