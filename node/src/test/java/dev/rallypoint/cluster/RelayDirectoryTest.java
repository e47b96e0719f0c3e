package dev.rallypoint.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.typesafe.config.ConfigFactory;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Join;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two nodes of which the second relays, as the first one sees it. */
class RelayDirectoryTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final long FRESH = Duration.ofSeconds(10).toNanos();
  private static final String NAME = "relay-directory-test";

  private final ActorTestKit first = ActorTestKit.create(NAME, ConfigFactory.load("cluster"));
  private final ActorTestKit second = ActorTestKit.create(NAME, ConfigFactory.load("cluster"));
  private final AtomicLong clock = new AtomicLong();
  private RelayDirectory directory;

  @BeforeEach
  void start() {
    directory = RelayDirectory.start(first.system(), clock::get);
    RelayDirectory.start(second.system(), clock::get).announce("relay.example", () -> 3);
    Cluster cluster = Cluster.get(first.system());
    cluster.manager().tell(Join.create(cluster.selfMember().address()));
    Cluster.get(second.system()).manager().tell(Join.create(cluster.selfMember().address()));
    await().atMost(PATIENCE).until(() -> names().equals(List.of("relay.example")));
  }

  @AfterEach
  void stop() {
    second.shutdownTestKit();
    first.shutdownTestKit();
  }

  @Test
  void listsNoNodeThatCannotBeReached() {
    CoordinatedShutdown.get(second.system())
        .run(
            CoordinatedShutdown.unknownReason(),
            Optional.of(CoordinatedShutdown.PhaseBeforeActorSystemTerminate()));

    // The clock stands still: it is not its silence that takes it from the list.
    await().atMost(PATIENCE).until(() -> names().isEmpty());
    assertThat(Cluster.get(first.system()).state().getMembers()).hasSize(2);
  }

  @Test
  void listsNoNodeThatSaidNothingForTenSeconds() {
    await().atMost(PATIENCE).until(this::isGoneOnceTheClockIsTurned);

    assertThat(Cluster.get(first.system()).state().getUnreachable()).isEmpty();
    await().atMost(PATIENCE).until(() -> names().equals(List.of("relay.example")));
  }

  @Test
  void numbersTheNodesByTheirAge() {
    await().atMost(PATIENCE).until(() -> Members.countOlder(second.system()) == 1);

    assertThat(Members.countOlder(first.system())).isZero();
  }

  /** The node speaks every two seconds, so it may do so just between. */
  private boolean isGoneOnceTheClockIsTurned() {
    clock.addAndGet(FRESH - 1);
    boolean isListedUntilThen = names().size() == 1;
    clock.incrementAndGet();
    return isListedUntilThen && names().isEmpty();
  }

  private List<String> names() {
    return directory.relays().stream().map(RelayNode::name).toList();
  }
}
