package dev.rallypoint.loadtest.gatling.capacity;

import dev.rallypoint.loadtest.gatling.capacity.CapacityRun.Pace;
import dev.rallypoint.loadtest.gatling.capacity.CapacityRun.Plan;
import java.time.Duration;
import picocli.CommandLine.Option;

/** How the capacity is looked for. */
final class CapacityOptions {
  private static final double PERCENT = 100;
  private static final int MILLIS = 1000;

  @Option(
      names = "--p99",
      paramLabel = "MILLIS",
      defaultValue = "20",
      description = "99 %% of the requests end within this time; default ${DEFAULT-VALUE}.")
  private int p99 = 20;

  @Option(
      names = "--loss",
      paramLabel = "PERCENT",
      defaultValue = "0.01",
      description = "At most this share fails; default ${DEFAULT-VALUE}.")
  private double loss = 0.01;

  @Option(
      names = "--step",
      paramLabel = "SECONDS",
      defaultValue = "5",
      description = "How long a rate is measured; default ${DEFAULT-VALUE}.")
  private double step = 5;

  @Option(
      names = "--warm-up",
      paramLabel = "SECONDS",
      defaultValue = "2",
      description = "How long it runs before that; default ${DEFAULT-VALUE}.")
  private double warmUp = 2;

  @Option(
      names = "--precision",
      paramLabel = "PERCENT",
      defaultValue = "10",
      description = "How closely the rate is looked for; default ${DEFAULT-VALUE}.")
  private double precision = 10;

  @Option(
      names = "--tries",
      paramLabel = "N",
      defaultValue = "3",
      description = "A rate fails when so many runs in a row fail; default ${DEFAULT-VALUE}.")
  private int tries = 3;

  @Option(
      names = "--most",
      paramLabel = "RATE",
      defaultValue = "0",
      description = "No higher rate is tried.")
  private long most;

  @Option(
      names = "--peers",
      paramLabel = "N",
      defaultValue = "4000",
      description = "Peers that send heartbeats and are dialled; default ${DEFAULT-VALUE}.")
  private int peers = 4000;

  @Option(
      names = "--sessions",
      paramLabel = "N",
      defaultValue = "40",
      description = "Relayed sessions that share the bytes; default ${DEFAULT-VALUE}.")
  private int sessions = 40;

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "0",
      description = "Event loops of the generator; default half of the processors.")
  private int threads;

  /**
   * The plan.
   *
   * @throws IllegalArgumentException when an option is out of its range
   */
  Plan plan() {
    require(p99 >= 1 && p99 <= 10_000, "--p99: 1 to 10000");
    require(loss >= 0 && loss <= PERCENT, "--loss: 0 to 100");
    require(step >= 0.1 && step <= 600, "--step: 0.1 to 600");
    require(warmUp >= 0 && warmUp <= 600, "--warm-up: 0 to 600");
    require(precision >= 1 && precision <= PERCENT, "--precision: 1 to 100");
    require(tries >= 1 && tries <= 100, "--tries: 1 to 100");
    require(most >= 0, "--most: 1 or more");
    require(peers >= 1 && peers <= 1_000_000, "--peers: 1 to 1000000");
    require(sessions >= 1 && sessions <= 100_000, "--sessions: 1 to 100000");
    require(threads >= 0 && threads <= 1_000, "--threads: 1 to 1000");
    return new Plan(
        new RateLimits(Duration.ofMillis(p99), loss),
        tries,
        new Pace(
            Duration.ofMillis((long) (warmUp * MILLIS)), Duration.ofMillis((long) (step * MILLIS))),
        most,
        precision / PERCENT,
        peers,
        sessions,
        threads > 0 ? threads : Math.max(1, Runtime.getRuntime().availableProcessors() / 2));
  }

  /** The conditions of the figures in a line. */
  String conditions() {
    return "p99 within %d ms, at most %s %% lost, steps of %s s after %s s, %d tries, to %s %%"
        .formatted(p99, plain(loss), plain(step), plain(warmUp), tries, plain(precision));
  }

  private static String plain(double number) {
    return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new IllegalArgumentException(what);
    }
  }
}
