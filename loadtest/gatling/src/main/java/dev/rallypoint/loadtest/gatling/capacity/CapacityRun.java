package dev.rallypoint.loadtest.gatling.capacity;

import dev.rallypoint.loadtest.environment.EnvironmentException;
import dev.rallypoint.loadtest.gatling.capacity.Finding.Rate;
import dev.rallypoint.loadtest.gatling.capacity.RateLimits.Verdict;
import dev.rallypoint.loadtest.gatling.link.ClientSettings;
import dev.rallypoint.loadtest.gatling.link.SourceAddresses;
import dev.rallypoint.loadtest.peer.settings.ClientVersion;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** Looks for the highest rates of one server. */
final class CapacityRun {
  private static final Duration TIMEOUT = Duration.ofSeconds(2);

  private final ServerUnderTest server;
  private final Plan plan;
  private final Consumer<String> progress;

  /**
   * How it is measured.
   *
   * @param limits what a rate must keep
   * @param tries how many runs of a rate must fail
   * @param pace how long a run takes
   * @param most the highest rate to try, of all loads; 0 for that of the load
   * @param precision how closely the rate is looked for, as a share of it
   * @param peers how many peers are registered for heartbeats and punches
   * @param sessions how many relayed sessions share the bytes
   * @param threads the event loops of the generator
   */
  record Plan(
      RateLimits limits,
      int tries,
      Pace pace,
      long most,
      double precision,
      int peers,
      int sessions,
      int threads) {}

  /**
   * How long a run takes.
   *
   * @param warmUp how long it is not measured first
   * @param lasting how long it is measured then
   */
  record Pace(Duration warmUp, Duration lasting) {}

  CapacityRun(ServerUnderTest server, Plan plan, Consumer<String> progress) {
    this.server = server;
    this.plan = plan;
    this.progress = progress;
  }

  /** What a load shows; a server that cannot serve it at all is skipped. */
  Finding measure(Load load, SourceAddresses sources, String idPrefix)
      throws InterruptedException, IOException {
    Optional<String> lack = server.lacks(load);
    if (lack.isPresent()) {
      progress.accept("%s %s: skipped, %s".formatted(server.name(), load, lack.get()));
      return Finding.skipped(server.name(), load, lack.get());
    }
    ClientSettings settings =
        new ClientSettings(
            List.of(server.address()),
            server.key(),
            sources,
            ClientVersion.NEWEST,
            TIMEOUT,
            true,
            false,
            0);
    try (Clients clients = new Clients(settings, plan.threads());
        Traffic traffic = traffic(load, clients, idPrefix)) {
      return search(load, new StepRunner(clients, server, plan.pace()), traffic);
    } catch (EnvironmentException e) {
      String why = String.valueOf(e.getMessage());
      progress.accept("%s %s: skipped, %s".formatted(server.name(), load, why));
      return Finding.skipped(server.name(), load, why);
    }
  }

  private Traffic traffic(Load load, Clients clients, String idPrefix) throws InterruptedException {
    return switch (load) {
      case HEARTBEATS -> new HeartbeatTraffic(clients, idPrefix, plan.peers());
      case REGISTRATIONS -> new RegistrationTraffic(clients, idPrefix);
      case PUNCHES -> new PunchTraffic(clients, idPrefix, plan.peers());
      case RELAY -> new RelayTraffic(clients, plan.sessions());
    };
  }

  private Finding search(Load load, StepRunner runner, Traffic traffic)
      throws InterruptedException, IOException {
    long most = plan.most() > 0 ? Math.min(plan.most(), load.most()) : load.most();
    Search.Range range =
        new Search.Range(Math.min(load.first(), most), most, plan.precision(), plan.tries());
    // The first seconds measure the JIT compilers of both sides.
    runner.run(traffic, load.requests(range.first()));
    Optional<Rate> best = Optional.empty();
    Optional<Rate> failed = Optional.empty();
    Search search = Search.in(range);
    for (OptionalLong next = search.next(); next.isPresent(); next = search.next()) {
      Measured measured = runner.run(traffic, load.requests(next.getAsLong()));
      Rate rate = new Rate(next.getAsLong(), measured, plan.limits().judge(measured));
      progress.accept(line(load, rate));
      Search after = search.ran(rate.verdict() == Verdict.HELD);
      if (after.held() != search.held()) {
        best = Optional.of(rate);
      }
      if (after.failed() != search.failed()) {
        failed = Optional.of(rate);
      }
      search = after;
    }
    return new Finding(server.name(), load, best, failed, "");
  }

  private String line(Load load, Rate rate) {
    var requests = rate.run().requests();
    return "%s %s %s: p50 %s us, p99 %s us, %s of %s lost, %s"
        .formatted(
            server.name(),
            CapacityTable.grouped(rate.rate()),
            load.unit(),
            CapacityTable.grouped(requests.percentile(50)),
            CapacityTable.grouped(requests.percentile(99)),
            CapacityTable.grouped(requests.ko()),
            CapacityTable.grouped(requests.ok() + requests.ko()),
            rate.verdict().text());
  }
}
