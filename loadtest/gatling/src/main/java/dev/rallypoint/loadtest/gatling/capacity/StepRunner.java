package dev.rallypoint.loadtest.gatling.capacity;

import dev.rallypoint.loadtest.environment.CpuTime;
import dev.rallypoint.loadtest.gatling.capacity.CapacityRun.Pace;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Runs a traffic at one rate for a short time. */
final class StepRunner {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final Duration LEAD = Duration.ofMillis(50);

  private final Clients clients;
  private final ServerUnderTest server;
  private final Pace pace;

  /**
   * A runner of steps.
   *
   * @param pace how long each step takes
   */
  StepRunner(Clients clients, ServerUnderTest server, Pace pace) {
    this.clients = clients;
    this.server = server;
    this.pace = pace;
  }

  /** Runs a step; at its end the requests have ended, or have had the time for it. */
  Measured run(Traffic traffic, long requestsPerSecond) throws InterruptedException, IOException {
    traffic.begin();
    long start = System.nanoTime() + LEAD.toNanos();
    long measuredFrom = start + pace.warmUp().toNanos();
    long until = measuredFrom + pace.lasting().toNanos();
    StepRecord counts = new StepRecord(measuredFrom);
    Arrivals arrivals = new Arrivals(start, requestsPerSecond);
    int loops = clients.loops().size();
    for (int place = 0; place < loops; place++) {
      int own = place;
      Sender.Target target = (due, record) -> traffic.send(own, due, record);
      clients
          .loops()
          .get(place)
          .execute(
              new Sender(
                  clients.loops().get(place), arrivals, until, place, loops, target, counts));
    }
    sleepUntil(measuredFrom);
    double serverBefore = server.cpuSeconds();
    double generatorBefore = CpuTime.ofThisProcess();
    long measuredAt = System.nanoTime();
    sleepUntil(until);
    double seconds = (double) (System.nanoTime() - measuredAt) / SECOND;
    double serverCores = (server.cpuSeconds() - serverBefore) / seconds;
    double generatorCores = (CpuTime.ofThisProcess() - generatorBefore) / seconds;
    long patience = until + clients.settings().timeout().toNanos() + SECOND;
    while (counts.open() > 0 && System.nanoTime() - patience < 0) {
      TimeUnit.MILLISECONDS.sleep(10);
    }
    Measured measured = new Measured(counts.end(), counts.lateSends(), serverCores, generatorCores);
    traffic.end();
    return measured;
  }

  private static void sleepUntil(long nanos) throws InterruptedException {
    long left = nanos - System.nanoTime();
    if (left > 0) {
      TimeUnit.NANOSECONDS.sleep(left);
    }
  }
}
