package dev.rallypoint.rendezvous;

import dev.rallypoint.time.Ticker;
import dev.rallypoint.time.WallClock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorSystem;

/**
 * The clocks of punch requests.
 *
 * @param ticker for ages and rates
 * @param wallClock for mangled addresses and the log
 * @param after a stage that is complete after a delay
 */
record PunchTiming(
    Ticker ticker, WallClock wallClock, Function<Duration, CompletionStage<Done>> after) {

  /** Delays by the scheduler of an actor system. */
  static PunchTiming of(ActorSystem<?> system, Ticker ticker, WallClock wallClock) {
    return new PunchTiming(
        ticker,
        wallClock,
        delay -> {
          CompletableFuture<Done> passed = new CompletableFuture<>();
          system
              .scheduler()
              .scheduleOnce(
                  delay, () -> passed.complete(Done.getInstance()), system.executionContext());
          return passed;
        });
  }
}
