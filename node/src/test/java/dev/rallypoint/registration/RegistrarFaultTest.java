package dev.rallypoint.registration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.metrics.Counters;
import dev.rallypoint.metrics.DropReason;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.testing.PlantedFaults;
import dev.rallypoint.testing.TestSettings;
import dev.rallypoint.time.Ticker;
import dev.rallypoint.transport.HandlerFaults;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class RegistrarFaultTest {
  private static final PeerAddress HOST = PeerAddress.v4(0xCB007107, 50_000);

  @RegisterExtension final PlantedFaults planted = new PlantedFaults(HandlerFaults.class);
  @TempDir private Path data;

  private final ActorTestKit kit = ActorTestKit.create();

  @AfterEach
  void stop() {
    kit.shutdownTestKit();
  }

  @Test
  @SuppressWarnings("NullAway") // commands that it fails with touch no directory
  void answersTheNextCommandAfterOneThatFailed() {
    Counters counters = new Counters();
    AtomicBoolean isBroken = new AtomicBoolean(true);
    Ticker clock =
        () -> {
          if (isBroken.getAndSet(false)) {
            throw new IllegalStateException("planted");
          }
          return 0;
        };
    ActorRef<Registrar.Command> registrar =
        kit.spawn(
            Registrar.create(
                null,
                TestSettings.in(data).on(20_000).rendezvous(),
                counters,
                new HandlerFaults(counters, () -> 0),
                clock));
    TestProbe<Object> console = kit.createTestProbe();
    ActorRef<Object> replyTo = console.getRef();
    registrar.tell(new Registrar.ShowHosts(Optional.of(HOST), 1, false, replyTo.narrow()));
    registrar.tell(new Registrar.ShowHosts(Optional.of(HOST), 1, false, replyTo.narrow()));

    assertThat(console.receiveMessage()).isEqualTo(List.of());
    assertThat(counters.of(DropReason.HANDLER_FAULT)).isOne();
    assertThat(planted.errors()).hasSize(1);
  }
}
