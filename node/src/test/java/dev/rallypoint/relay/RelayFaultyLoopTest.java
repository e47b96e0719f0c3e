package dev.rallypoint.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.time.Ticker;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.typed.ActorSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a JVM error on one loop of the relay does. */
class RelayFaultyLoopTest {
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  @TempDir private Path data;

  @Test
  void aLoopThatIsLostEndsItsNodeAndNamesTheCause() throws Exception {
    ActorSystem<Void> system = RelayLab.cluster();
    AtomicBoolean isBroken = new AtomicBoolean();
    Ticker clock =
        () -> {
          if (isBroken.get() && Thread.currentThread().getName().equals("relay-loop-0")) {
            throw new OutOfMemoryError("planted");
          }
          return System.nanoTime();
        };
    RelayLab lab = RelayLab.start(system, RelayLab.settings(), data, clock);
    try (RelayClient a = lab.sideA("living");
        RelayClient b = lab.sideB("living").send("?")) {
      a.receive(1);
      isBroken.set(true);
      try (RelayClient one = lab.connect();
          RelayClient two = lab.connect()) {
        assertThat(system.getWhenTerminated()).succeedsWithin(TIMEOUT);
      }
    }
    assertThat(CoordinatedShutdown.get(system).getShutdownReason().map(Object::toString))
        .hasValueSatisfying(
            reason -> assertThat(reason).contains("PartFailed", "relay-loop", "planted"));
  }
}
