package dev.rallypoint.rendezvous;

import dev.rallypoint.config.text.HostAndPort;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The actor that checks every 3 s whether the configured relays take a TCP connection, as hbbs
 * does, when there is more than one to choose from.
 */
final class RelayHealthCheck {
  private static final Logger LOG = LoggerFactory.getLogger(RelayHealthCheck.class);
  private static final Duration PERIOD = Duration.ofSeconds(3);
  private static final int DEFAULT_PORT = 21117;

  private RelayHealthCheck() {}

  sealed interface Command {}

  private enum Tick implements Command {
    INSTANCE
  }

  private record Checked(String name, boolean answers) implements Command {}

  /** The actor's behavior; a round of checks begins 3 s after the round before has ended. */
  static Behavior<Command> create(RelayRotation relays) {
    return Behaviors.setup(context ->
        Behaviors.withTimers(timers -> {
          timers.startSingleTimer(Tick.INSTANCE, Duration.ZERO);
          return checking(context, timers, relays, 0);
        }));
  }

  private static Behavior<Command> checking(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      RelayRotation relays,
      int outstanding) {
    return Behaviors.receiveMessage(command ->
        switch (command) {
          case Tick tick -> {
            List<String> names = relays.names().size() > 1 ? relays.names() : List.of();
            names.forEach(name ->
                context.pipeToSelf(
                    connects(name), (answers, e) -> new Checked(name, e == null && answers)));
            if (names.isEmpty()) {
              timers.startSingleTimer(Tick.INSTANCE, PERIOD);
            }
            yield checking(context, timers, relays, names.size());
          }
          case Checked(String name, boolean answers) -> {
            if (relays.answers(name) != answers) {
              LOG.warn("relay {} {}", name, answers ? "answers again" : "does not answer");
            }
            relays.checked(name, answers);
            if (outstanding == 1) {
              timers.startSingleTimer(Tick.INSTANCE, PERIOD);
            }
            yield checking(context, timers, relays, outstanding - 1);
          }
        });
  }

  private static CompletionStage<Boolean> connects(String name) {
    return CompletableFuture.supplyAsync(
        () -> {
          try (Socket socket = new Socket()) {
            socket.connect(addressOf(name), (int) PERIOD.toMillis());
            return true;
          } catch (IOException | RuntimeException e) {
            return false; // no route, no such name, or refused: clients cannot connect either
          }
        },
        check -> Thread.ofVirtual().name("relay-health-check").start(check));
  }

  /** A name's address; not resolved where it is no host. */
  static InetSocketAddress addressOf(String name) {
    return HostAndPort.parse(name)
        .map(relay ->
            new InetSocketAddress(relay.host(), relay.port() == 0 ? DEFAULT_PORT : relay.port()))
        .orElseGet(() -> InetSocketAddress.createUnresolved(name, DEFAULT_PORT));
  }
}
