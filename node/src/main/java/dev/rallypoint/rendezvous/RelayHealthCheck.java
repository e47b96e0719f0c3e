package dev.rallypoint.rendezvous;

import dev.rallypoint.config.HostAndPort;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks every 3 s whether the relays named to clients take a TCP connection, as hbbs does, when
 * there is more than one to choose from.
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

  private record Probed(String name, boolean answers) implements Command {}

  /** Probes for as long as it lives; a probe never overlaps the next one of the same round. */
  static Behavior<Command> create(RelayRotation rota) {
    return Behaviors.setup(context ->
        Behaviors.withTimers(timers -> {
          timers.startSingleTimer(Tick.INSTANCE, Duration.ZERO);
          return probing(context, timers, rota, 0);
        }));
  }

  private static Behavior<Command> probing(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      RelayRotation rota,
      int outstanding) {
    return Behaviors.receiveMessage(command ->
        switch (command) {
          case Tick tick -> {
            List<String> names = rota.names().size() > 1 ? rota.names() : List.of();
            names.forEach(name ->
                context.pipeToSelf(
                    connects(name), (answers, e) -> new Probed(name, e == null && answers)));
            if (names.isEmpty()) {
              timers.startSingleTimer(Tick.INSTANCE, PERIOD);
            }
            yield probing(context, timers, rota, names.size());
          }
          case Probed(String name, boolean answers) -> {
            if (rota.answers(name) != answers) {
              LOG.warn("relay {} {}", name, answers ? "answers again" : "does not answer");
            }
            rota.probed(name, answers);
            if (outstanding == 1) {
              timers.startSingleTimer(Tick.INSTANCE, PERIOD);
            }
            yield probing(context, timers, rota, outstanding - 1);
          }
        });
  }

  private static CompletionStage<Boolean> connects(String name) {
    Executor perProbe = task -> Thread.ofVirtual().name("relay-probe").start(task);
    return CompletableFuture.supplyAsync(
        () -> {
          try (Socket socket = new Socket()) {
            socket.connect(addressOf(name), (int) PERIOD.toMillis());
            return true;
          } catch (IOException | RuntimeException e) {
            return false; // no route, no name, refused: all the same to a client
          }
        },
        perProbe);
  }

  /** A name's address; not resolved where it is no host. */
  static InetSocketAddress addressOf(String name) {
    return HostAndPort.parse(name)
        .map(relay ->
            new InetSocketAddress(relay.host(), relay.port() == 0 ? DEFAULT_PORT : relay.port()))
        .orElseGet(() -> InetSocketAddress.createUnresolved(name, DEFAULT_PORT));
  }
}
