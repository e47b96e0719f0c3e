package dev.rallypoint.loadtest.gatling.simulation;

import static dev.rallypoint.loadtest.gatling.dsl.RendezvousDsl.leave;
import static dev.rallypoint.loadtest.gatling.dsl.RendezvousDsl.limit;
import static dev.rallypoint.loadtest.gatling.dsl.RendezvousDsl.rendezvous;
import static io.gatling.javaapi.core.CoreDsl.asLongAs;
import static io.gatling.javaapi.core.CoreDsl.atOnceUsers;
import static io.gatling.javaapi.core.CoreDsl.details;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.exitBlockOnFail;
import static io.gatling.javaapi.core.CoreDsl.pace;
import static io.gatling.javaapi.core.CoreDsl.repeat;
import static io.gatling.javaapi.core.CoreDsl.scenario;

import dev.rallypoint.loadtest.gatling.dsl.RegisterStep;
import dev.rallypoint.loadtest.gatling.figures.Limit;
import io.gatling.javaapi.core.Assertion;
import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.PopulationBuilder;
import io.gatling.javaapi.core.Session;
import io.gatling.javaapi.core.Simulation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What the simulations share: a warm-up, registered peers, and limits as assertions. */
abstract class LoadSimulation extends Simulation {
  static final String REGISTER = "register";
  static final String HEARTBEAT = "heartbeat";

  /** Between the last registration and what needs all peers. */
  static final Duration SETTLING = Duration.ofSeconds(1);

  private static final int WARM_UP_USERS = 100;
  private static final Duration WARM_UP_PAUSE = Duration.ofMillis(50);
  private static final int BEATS_A_PUNCH = 10;

  /** A client asks again until it is registered; each try that fails is counted. */
  private static final int REGISTER_TRIES = 5;

  private static final Duration MARGIN = Duration.ofSeconds(3);
  private static final int MICROS_A_MILLI = 1_000;
  private static final long NOT_BEGUN = 0;

  private final SimulationOptions options = SimulationOptions.current();
  private final OnlinePeers online = new OnlinePeers(options.nodes());
  private final AtomicInteger callsUnderWay = new AtomicInteger();
  private volatile long measuredSince = NOT_BEGUN;

  /** The options of this run. */
  final SimulationOptions options() {
    return options;
  }

  /** The peers that are registered now. */
  final OnlinePeers online() {
    return online;
  }

  /**
   * Sets the run up: the warm-up, then what is measured.
   *
   * @param longest how long the measured part takes when nothing hangs
   */
  final void measure(Duration longest, List<Limit> limits, PopulationBuilder... measured) {
    SetUp setUp = options.warmUp().isZero() ? setUp(measured) : setUp(warmUp().andThen(measured));
    setUp
        .maxDuration(
            options
                .warmUp()
                .plus(options.timeout().multipliedBy(2))
                .plus(longest)
                .plus(options.timeout().multipliedBy(REGISTER_TRIES))
                .plus(MARGIN))
        .protocols(options.protocol().limits(limits.toArray(Limit[]::new)))
        .assertions(limits.stream().map(LoadSimulation::assertion).toArray(Assertion[]::new));
  }

  private PopulationBuilder warmUp() {
    return scenario("warm-up")
        .exec(session -> session.set("id", warmUpId(session)).set("target", warmUpId(session)))
        .exec(rendezvous("warm-up register").peer("#{id}"))
        .during(options.warmUp())
        .on(warmUpSteps())
        .exec(leave())
        .injectOpen(atOnceUsers(warmUpUsers()));
  }

  private String warmUpId(Session session) {
    return Long.toString(
        options.firstId() - WARM_UP_USERS + Math.floorMod(session.userId(), WARM_UP_USERS));
  }

  /** How many users warm up at the same time. */
  int warmUpUsers() {
    return WARM_UP_USERS;
  }

  /**
   * What is repeated during the warm-up; the user is a peer and {@code target} is its own id. A
   * node passes two punches a second on from one address to one device.
   */
  ChainBuilder warmUpSteps() {
    return repeat(BEATS_A_PUNCH)
        .on(exec(rendezvous("warm-up heartbeat").beat()).pause(WARM_UP_PAUSE))
        .exec(rendezvous("warm-up punch").to("#{target}"));
  }

  /** The ids of the peers, and for each the node that it registers at. */
  final Iterator<Map<String, Object>> peers() {
    AtomicInteger next = new AtomicInteger();
    return Stream.generate(next::getAndIncrement)
        .map(n -> Map.<String, Object>of("id", id(n), "node", n % options.nodes()))
        .iterator();
  }

  /** The id of a peer by its number, from 0. */
  final String id(int number) {
    return Long.toString(options.firstId() + number);
  }

  /** The ids of the first peers. */
  final List<String> ids(int count) {
    return IntStream.range(0, count).mapToObj(this::id).toList();
  }

  /** Registers over UDP, and can be dialled from then on. */
  final ChainBuilder register() {
    return register(way -> way);
  }

  /** Registers over a way, and can be dialled from then on. */
  final ChainBuilder register(UnaryOperator<RegisterStep> way) {
    return exec(markBeginning())
        .tryMax(REGISTER_TRIES)
        .on(exec(way.apply(rendezvous(REGISTER).peer("#{id}").at("#{node}"))))
        .exitHereIfFailed()
        .exec(session -> {
          online.add(own(session), session.getInt("node"));
          return session;
        });
  }

  private static String own(Session session) {
    return Objects.requireNonNull(session.getString("id"), "a device has an id");
  }

  /**
   * Sends heartbeats as long as the devices are needed.
   *
   * @param begin when the calls of the measured part begin, which go on for the duration
   */
  final ChainBuilder beatWhileCalled(Duration begin) {
    Duration lastCall = begin.plus(options.duration());
    Duration end = lastCall.plus(options.timeout().multipliedBy(2));
    return asLongAs(
            session -> !left(lastCall).isZero() || callsUnderWay.get() > 0 && !left(end).isZero())
        .on(pace(options.interval()).exec(rendezvous(HEARTBEAT).beat()));
  }

  /** How long a measured part takes at most whose calls begin then. */
  final Duration longest(Duration begin) {
    return begin
        .plus(options.duration())
        .plus(options.timeout().multipliedBy(2))
        .plus(options.interval());
  }

  /** Sends heartbeats until the moment in {@code end}. */
  final ChainBuilder beatUntilEnd() {
    return asLongAs(session -> !left(end(session)).isZero())
        .on(pace(options.interval()).exec(rendezvous(HEARTBEAT).beat()));
  }

  /** Something that devices are needed for until it has ended. */
  final ChainBuilder call(ChainBuilder steps) {
    return exec(
            session -> {
              callsUnderWay.incrementAndGet();
              return session;
            })
        .exec(exitBlockOnFail().on(steps))
        .exec(session -> {
          callsUnderWay.decrementAndGet();
          return session;
        });
  }

  private static Duration end(Session session) {
    return Objects.requireNonNull(session.<Duration>get("end"), "a device has an end");
  }

  /** Can no longer be dialled, and leaves. */
  final ChainBuilder goHome() {
    return exec(
            session -> {
              online.remove(own(session), session.getInt("node"));
              return session;
            })
        .exec(leave());
  }

  /** The first user that comes here begins the measured part. */
  final UnaryOperator<Session> markBeginning() {
    return session -> {
      if (measuredSince == NOT_BEGUN) {
        measuredSince = System.nanoTime();
      }
      return session;
    };
  }

  /** The time from now to a moment of the measured part; zero when it is over. */
  final Duration left(Duration end) {
    long nanos = end.toNanos() - (System.nanoTime() - measuredSince);
    return Duration.ofNanos(Math.max(0, nanos));
  }

  /** Limits on losses, on times and on the number of a request that is to come so often. */
  static List<Limit> limits(SimulationOptions options, String request, double count) {
    return List.of(
        limit(request).loss(options.loss()),
        limit(request).p99(options.p99()),
        limit(request).succeeded(options.kept(count)));
  }

  /** Several lists as one. */
  @SafeVarargs
  static List<Limit> all(List<Limit>... lists) {
    List<Limit> all = new ArrayList<>();
    for (List<Limit> list : lists) {
      all.addAll(list);
    }
    return List.copyOf(all);
  }

  /** A limit as an assertion, so that it stands in the report too. */
  private static Assertion assertion(Limit limit) {
    var request = details(limit.request());
    int millis = (int) Math.ceil(limit.bound() / MICROS_A_MILLI);
    return switch (limit.measure()) {
      case P50 -> request.responseTime().percentile(50).lte(millis);
      case P95 -> request.responseTime().percentile(95).lte(millis);
      case P99 -> request.responseTime().percentile(99).lte(millis);
      case P999 -> request.responseTime().percentile(99.9).lte(millis);
      case MAX -> request.responseTime().max().lte(millis);
      case FAILED -> request.failedRequests().count().lte((long) limit.bound());
      case LOSS -> request.failedRequests().percent().lte(limit.bound());
      case SUCCEEDED -> request.successfulRequests().count().gte((long) limit.bound());
    };
  }
}
