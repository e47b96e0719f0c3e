package dev.rallypoint.loadtest.gatling.simulation;

import dev.rallypoint.loadtest.gatling.dsl.RendezvousProtocolBuilder;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * The options of a simulation. Each kind has those that mean something to it, with defaults of its
 * own. With several generators each of them sees its own share of peers and rates.
 */
final class SimulationOptions {
  private static final AtomicReference<SimulationOptions> CURRENT = new AtomicReference<>();
  private static final long IDS_A_GENERATOR = 1_000_000;
  private static final long USERS_A_GENERATOR = 10_000_000;

  @Mixin private TargetOptions server = new TargetOptions();

  @Option(
      names = "--peers",
      paramLabel = "N",
      description = "Registered devices. Default: ${DEFAULT-VALUE}.")
  private int peers = 1;

  @Option(
      names = "--rate",
      paramLabel = "R",
      description = "How many a second of what is measured. Default: ${DEFAULT-VALUE}.")
  private double rate = 1;

  @Option(
      names = "--interval",
      paramLabel = "TIME",
      description = "From one heartbeat of a device to the next. Default: ${DEFAULT-VALUE}.")
  private Duration interval = Duration.ofSeconds(15);

  @Option(
      names = "--ramp",
      paramLabel = "TIME",
      description = "How long the devices take to come, evenly spread. Default: ${DEFAULT-VALUE}.")
  private Duration ramp = Duration.ofSeconds(15);

  @Option(
      names = "--entries",
      paramLabel = "N",
      description = "Ids in one query; half of them are registered. Default: ${DEFAULT-VALUE}.")
  private int entries = 2;

  @Option(
      names = "--sessions",
      paramLabel = "N",
      description = "Relayed sessions at the same time. Default: ${DEFAULT-VALUE}.")
  private int sessions = 1;

  @Option(
      names = "--frame",
      paramLabel = "BYTES",
      description = "Size of a screen-sharing message. Default: ${DEFAULT-VALUE}.")
  private int frame = 8_000;

  @Option(
      names = "--every",
      paramLabel = "TIME",
      description = "From one screen-sharing message to the next. Default: ${DEFAULT-VALUE}.")
  private Duration every = Duration.ofMillis(33);

  @Option(
      names = "--bulk",
      paramLabel = "TIME",
      description =
          "After the screen sharing the sessions send as fast as they can for so long. Default:"
              + " ${DEFAULT-VALUE}.")
  private Duration bulk = Duration.ZERO;

  @Option(
      names = "--outage",
      paramLabel = "TIME",
      description =
          "How long the devices are silent; restart the server in that time to measure its"
              + " cold return. Default: ${DEFAULT-VALUE}.")
  private Duration outage = Duration.ofSeconds(40);

  @Option(
      names = "--within",
      paramLabel = "TIME",
      description = "The time in which all of them come back. Default: ${DEFAULT-VALUE}.")
  private Duration within = Duration.ofSeconds(10);

  @Option(
      names = "--first-id",
      paramLabel = "ID",
      description =
          "The ids count up from here. A second run with the same ids is of known devices."
              + " Default: ${DEFAULT-VALUE}.")
  private long firstId = 700_000_000;

  @Option(
      names = "--duration",
      paramLabel = "TIME",
      description =
          "How long is measured; ramp and warm-up come on top. 30s, 5m. Default: ${DEFAULT-VALUE}.")
  private Duration duration = Duration.ofSeconds(30);

  @Option(
      names = "--warm-up",
      paramLabel = "TIME",
      defaultValue = "5s",
      description =
          "Load before the measuring, for the JIT compilers of both sides; its requests have names"
              + " of their own and no limits. 0 for none. Default: ${DEFAULT-VALUE}.")
  private Duration warmUp = Duration.ofSeconds(5);

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "3s",
      description = "An answer that takes longer is lost. Default: ${DEFAULT-VALUE}.")
  private Duration timeout = Duration.ofSeconds(3);

  @Option(
      names = "--p99",
      paramLabel = "TIME",
      description =
          "Limit: 99 of 100 requests of each kind are answered within this. Default:"
              + " ${DEFAULT-VALUE}.")
  private Duration p99 = Duration.ofMillis(100);

  @Option(
      names = "--loss",
      paramLabel = "PERCENT",
      defaultValue = "0",
      description = "Limit: so many percent of the requests may fail. Default: ${DEFAULT-VALUE}.")
  private double loss;

  @Mixin private GeneratorOptions generators = new GeneratorOptions();

  /** The options of the simulation that runs in this process. */
  static SimulationOptions current() {
    SimulationOptions options = CURRENT.get();
    if (options == null) {
      throw new IllegalStateException("started without options: use 'loadtest simulate'");
    }
    return options;
  }

  /** These are the options of the simulation that runs next. */
  void use() {
    System.setProperty(
        RendezvousProtocolBuilder.PUBLIC_TARGET, Boolean.toString(server.allowsPublicTarget()));
    System.setProperty(
        RendezvousProtocolBuilder.USER_OFFSET,
        Long.toString(generators.offset() * USERS_A_GENERATOR));
    CURRENT.set(this);
  }

  /**
   * Looks for values that cannot be.
   *
   * @param leastDuration what --duration must be at least
   * @throws IllegalArgumentException with one line for the user
   */
  void check(Duration leastDuration) {
    if (duration.compareTo(leastDuration) < 0) {
      throw new IllegalArgumentException(
          "--duration is at least " + leastDuration.toSeconds() + "s");
    }
    between("--peers", peers, 1, 1_000_000);
    between("--rate", rate, 0.1, 100_000);
    between("--entries", entries, 2, 100_000);
    between("--sessions", sessions, 1, 100_000);
    between("--frame", frame, 8, 1_000_000);
    between("--first-id", firstId, 1_000, 900_000_000);
    between("--loss", loss, 0, 100);
    between("--sources", server.sources(), 0, 60_000);
    between("--generators", generators.generators(), 1, 64);
    Stream.of(interval, timeout, every, p99)
        .filter(Duration::isZero)
        .findAny()
        .ifPresent(zero -> {
          throw new IllegalArgumentException("only --warm-up, --ramp and --bulk can be 0");
        });
    protocol();
  }

  private static void between(String name, double value, double least, double most) {
    if (!(value >= least && value <= most)) {
      throw new IllegalArgumentException(
          String.format(Locale.ROOT, "%s is %,.1f to %,.0f", name, least, most));
    }
  }

  int nodes() {
    return server.nodes();
  }

  GeneratorOptions generators() {
    return generators;
  }

  int peers() {
    return generators.share(peers);
  }

  double rate() {
    return generators.isShare() ? rate / generators.generators() : rate;
  }

  int sessions() {
    return generators.share(sessions);
  }

  int entries() {
    return entries;
  }

  int frame() {
    return frame;
  }

  long firstId() {
    return firstId + generators.offset() * IDS_A_GENERATOR;
  }

  Duration interval() {
    return interval;
  }

  Duration ramp() {
    return ramp;
  }

  Duration every() {
    return every;
  }

  Duration bulk() {
    return bulk;
  }

  Duration outage() {
    return outage;
  }

  Duration within() {
    return within;
  }

  Duration duration() {
    return duration;
  }

  Duration warmUp() {
    return warmUp;
  }

  Duration timeout() {
    return timeout;
  }

  Duration p99() {
    return p99;
  }

  double loss() {
    return loss;
  }

  /** How many of these must succeed by the limit of losses. */
  long kept(double all) {
    return (long) Math.floor(all * (1 - loss / 100));
  }

  /** The protocol with its servers, its key, its source addresses and its time limit. */
  RendezvousProtocolBuilder protocol() {
    return server.protocol(peers(), generators.offset()).timeout(timeout);
  }
}
