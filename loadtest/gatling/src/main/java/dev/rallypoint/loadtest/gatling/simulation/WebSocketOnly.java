package dev.rallypoint.loadtest.gatling.simulation;

import static dev.rallypoint.loadtest.gatling.dsl.RendezvousDsl.closeRelay;
import static dev.rallypoint.loadtest.gatling.dsl.RendezvousDsl.relay;
import static dev.rallypoint.loadtest.gatling.dsl.RendezvousDsl.rendezvous;
import static io.gatling.javaapi.core.CoreDsl.constantUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.nothingFor;
import static io.gatling.javaapi.core.CoreDsl.rampUsers;
import static io.gatling.javaapi.core.CoreDsl.scenario;

import dev.rallypoint.loadtest.gatling.client.PunchAnswer;
import dev.rallypoint.loadtest.gatling.dsl.RegisterStep;
import dev.rallypoint.loadtest.gatling.figures.Limit;
import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.PopulationBuilder;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Clients behind a proxy that lets nothing but WebSocket through: devices keep a link, callers dial
 * one, are relayed, and share the screen for two seconds.
 */
public final class WebSocketOnly extends LoadSimulation {
  private static final String PUNCH = "punch";
  private static final String JOIN = "join relay";
  private static final String MESSAGE = "screen message";
  private static final Duration SESSION = Duration.ofSeconds(2);

  private final Duration begin = options().ramp().plus(SETTLING);

  /** What is run. */
  public WebSocketOnly() {
    PopulationBuilder devices =
        scenario("devices")
            .feed(peers())
            .exec(register(RegisterStep::overWebSocket))
            .exec(beatWhileCalled(begin))
            .exec(goHome())
            .injectOpen(rampUsers(options().peers()).during(options().ramp()));
    PopulationBuilder callers =
        scenario("callers")
            .exec(session -> {
              int node = ThreadLocalRandom.current().nextInt(options().nodes());
              return session.set("target", online().any(node)).set("node", node);
            })
            .exec(call(relayedCall()))
            .injectOpen(
                nothingFor(begin),
                constantUsersPerSec(options().rate()).during(options().duration()));
    measure(longest(begin).plus(SESSION), limits(options()), devices, callers);
  }

  private ChainBuilder relayedCall() {
    return exec(rendezvous(PUNCH)
            .to("#{target}")
            .overWebSocket()
            .at("#{node}")
            .expect(PunchAnswer.RELAY)
            .saveRelay("ticket"))
        .exec(relay(JOIN).join("ticket").overWebSocket())
        .exec(relay(MESSAGE).messages(options().frame(), options().every(), SESSION))
        .exec(closeRelay());
  }

  @Override
  int warmUpUsers() {
    return 10;
  }

  @Override
  ChainBuilder warmUpSteps() {
    return exec(rendezvous("warm-up online").online(session -> ids(2)).overWebSocket())
        .exec(relay("warm-up pair").bothEnds().overWebSocket())
        .exec(
            relay("warm-up message")
                .messages(options().frame(), options().every(), Duration.ofMillis(200)))
        .exec(closeRelay());
  }

  static List<Limit> limits(SimulationOptions options) {
    double calls = Math.floor(options.rate() * Durations.seconds(options.duration()));
    double messages = SESSION.toNanos() / options.every().toNanos();
    return all(
        limits(options, REGISTER, options.peers()),
        limits(options, HEARTBEAT, 1),
        limits(options, PUNCH, calls),
        limits(options, JOIN, calls),
        limits(options, MESSAGE, calls * messages));
  }
}
