package dev.rallypoint.loadtest.gatling.simulation;

import static dev.rallypoint.loadtest.gatling.dsl.RendezvousDsl.closeRelay;
import static dev.rallypoint.loadtest.gatling.dsl.RendezvousDsl.relay;
import static dev.rallypoint.loadtest.gatling.dsl.RendezvousDsl.rendezvous;
import static io.gatling.javaapi.core.CoreDsl.constantUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.nothingFor;
import static io.gatling.javaapi.core.CoreDsl.rampUsers;
import static io.gatling.javaapi.core.CoreDsl.rampUsersPerSec;
import static io.gatling.javaapi.core.CoreDsl.scenario;

import dev.rallypoint.loadtest.gatling.client.PunchAnswer;
import dev.rallypoint.loadtest.gatling.dsl.RegisterStep;
import dev.rallypoint.loadtest.gatling.figures.Limit;
import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.OpenInjectionStep;
import io.gatling.javaapi.core.PopulationBuilder;
import io.gatling.javaapi.core.Session;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.UnaryOperator;

/**
 * A working day in some minutes, in eighths: the devices come in the first two, calls rise, stay,
 * fall to a third at noon, rise again and end, and in the last one all devices go. Of 20 devices
 * two are on TCP and one on WebSocket; of 10 calls three are relayed and share the screen.
 */
public final class MixedDay extends LoadSimulation {
  private static final String PUNCH = "punch";
  private static final String PUNCH_RELAYED = "punch for a relay";
  private static final String JOIN = "join relay";
  private static final String MESSAGE = "screen message";
  private static final String QUERY = "online query";
  private static final double TCP_SHARE = 0.10;
  private static final double WEBSOCKET_SHARE = 0.05;
  private static final double RELAYED_SHARE = 0.3;
  private static final double NOON = 1.0 / 3;

  /** What the profile of a day is, as eighths at the full rate. */
  private static final double FULL_EIGHTHS = 4.0;

  private final Duration eighth = options().duration().dividedBy(8);

  /** What is run. */
  public MixedDay() {
    int tcp = (int) (options().peers() * TCP_SHARE);
    int webSocket = (int) (options().peers() * WEBSOCKET_SHARE);
    List<PopulationBuilder> all = new ArrayList<>();
    var ids = peers();
    all.add(devices("devices", ids, way -> way, options().peers() - tcp - webSocket));
    if (tcp > 0) {
      all.add(devices("devices on TCP", ids, RegisterStep::overTcp, tcp));
    }
    if (webSocket > 0) {
      all.add(devices("devices on WebSocket", ids, RegisterStep::overWebSocket, webSocket));
    }
    all.add(
        scenario("callers")
            .exec(pickTarget())
            .exec(rendezvous(PUNCH).to("#{target}").at("#{node}"))
            .injectOpen(profile(options().rate() * (1 - RELAYED_SHARE))));
    all.add(
        scenario("relayed callers")
            .exec(pickTarget())
            .exec(
                rendezvous(PUNCH_RELAYED)
                    .to("#{target}")
                    .at("#{node}")
                    .relayed()
                    .expect(PunchAnswer.RELAY)
                    .saveRelay("ticket"))
            .exitHereIfFailed()
            .exec(relay(JOIN).join("ticket"))
            .exitHereIfFailed()
            .exec(
                relay(MESSAGE).messages(options().frame(), options().every(), eighth.dividedBy(2)))
            .exec(closeRelay())
            .injectOpen(profile(options().rate() * RELAYED_SHARE)));
    all.add(
        scenario("address books")
            .exec(rendezvous(QUERY).online(session -> ids(options().entries())))
            .injectOpen(profile(options().rate())));
    measure(
        options().duration().plus(options().interval()),
        limits(options()),
        all.toArray(PopulationBuilder[]::new));
  }

  /** Each comes at its moment of the morning and goes at one of the evening. */
  private PopulationBuilder devices(
      String name, Iterator<Map<String, Object>> ids, UnaryOperator<RegisterStep> way, int count) {
    return scenario(name)
        .feed(ids)
        .exec(register(way))
        .exec(session -> session.set("end", evening()))
        .exec(beatUntilEnd())
        .exec(goHome())
        .injectOpen(rampUsers(count).during(eighth.multipliedBy(2)));
  }

  private Duration evening() {
    long first = eighth.multipliedBy(7).toNanos();
    return Duration.ofNanos(first + ThreadLocalRandom.current().nextLong(eighth.toNanos()));
  }

  private UnaryOperator<Session> pickTarget() {
    return session -> {
      ThreadLocalRandom random = ThreadLocalRandom.current();
      int home = random.nextInt(options().nodes());
      return session
          .set("target", online().any(home))
          .set("node", random.nextInt(options().nodes()));
    };
  }

  /**
   * The rate over the day; nobody calls after the sixth eighth, and devices go in the eighth one.
   */
  private OpenInjectionStep[] profile(double rate) {
    return new OpenInjectionStep[] {
      nothingFor(eighth),
      rampUsersPerSec(rate / 10).to(rate).during(eighth),
      constantUsersPerSec(rate).during(eighth),
      rampUsersPerSec(rate).to(rate * NOON).during(eighth),
      rampUsersPerSec(rate * NOON).to(rate).during(eighth),
      constantUsersPerSec(rate).during(eighth),
    };
  }

  @Override
  ChainBuilder warmUpSteps() {
    return super.warmUpSteps().exec(rendezvous("warm-up online").online(session -> ids(10)));
  }

  static List<Limit> limits(SimulationOptions options) {
    double calls =
        options.rate() * Durations.seconds(options.duration()) / 8 * (FULL_EIGHTHS - 1) * 0.9;
    return all(
        limits(options, REGISTER, options.peers()),
        limits(options, HEARTBEAT, options.peers()),
        limits(options, PUNCH, Math.floor(calls * (1 - RELAYED_SHARE))),
        limits(options, PUNCH_RELAYED, Math.floor(calls * RELAYED_SHARE)),
        limits(options, JOIN, Math.floor(calls * RELAYED_SHARE)),
        limits(options, MESSAGE, Math.floor(calls * RELAYED_SHARE)),
        limits(options, QUERY, Math.floor(calls)));
  }
}
