package dev.rallypoint.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.typesafe.config.ConfigFactory;
import dev.rallypoint.testing.LogLines;
import dev.rallypoint.time.WallClock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SharedRulesTest {
  private static final ActorSystem<Void> SYSTEM =
      ActorSystem.create(Behaviors.empty(), "shared-rules", ConfigFactory.load("cluster"));
  private static final AtomicInteger TESTS = new AtomicInteger();

  private final SharedRules rules = SharedRules.get(SYSTEM);

  /** The rule of a test. */
  private final String colour = "colour-" + TESTS.incrementAndGet();

  private final AtomicReference<String> inForce = new AtomicReference<>("own");
  private final Memory memory = new Memory();
  private final AtomicLong micros = new AtomicLong(1_000_000);
  private final WallClock clock = micros::get;

  private static final class Memory implements RuleKeeper {
    final List<SharedRule> kept = new ArrayList<>();
    boolean isGone;

    @Override
    public CompletionStage<List<SharedRule>> rules() {
      return CompletableFuture.completedStage(List.copyOf(kept));
    }

    @Override
    public CompletionStage<Void> save(SharedRule rule) {
      if (isGone) {
        return CompletableFuture.failedFuture(new IllegalStateException("the disk is full"));
      }
      kept.removeIf(old -> old.name().equals(rule.name()));
      kept.add(rule);
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<Boolean> replace(Optional<SharedRule> seen, SharedRule rule) {
      List<SharedRule> now = kept.stream().filter(one -> one.name().equals(rule.name())).toList();
      return now.equals(seen.stream().toList())
          ? save(rule).thenApply(saved -> true)
          : CompletableFuture.completedFuture(false);
    }
  }

  @AfterAll
  static void stop() {
    SYSTEM.terminate();
  }

  @BeforeEach
  void begin() throws Exception {
    keepIn(memory);
  }

  private void follow() {
    rules.follow(
        colour,
        rule -> {
          if (rule.value().equals("wrong")) {
            throw new IllegalArgumentException("no colour");
          }
          return () -> inForce.set(rule.value());
        });
  }

  private void change(String value) throws Exception {
    rules.change(colour, value, clock).toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  private void keepIn(Memory where) throws Exception {
    rules.keepIn(where).toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  @Test
  void putsAChangeInForceAndKeepsIt() throws Exception {
    follow();
    change("red");

    assertThat(inForce).hasValue("red");
    assertThat(memory.kept).containsExactly(new SharedRule(colour, "red", 1_000));
  }

  @Test
  void takesOverWhatWasKeptBeforeItsFollowerCame() throws Exception {
    memory.kept.add(new SharedRule(colour, "blue", 5));
    keepIn(memory);
    follow();

    assertThat(inForce).hasValue("blue");
  }

  @Test
  void leavesTheLastGoodOneInForceWhenAChangeIsWrong() throws Exception {
    follow();
    change("red");

    assertThatThrownBy(() -> change("wrong")).hasMessageContaining("no colour");
    assertThat(inForce).hasValue("red");
    assertThat(memory.kept).extracting(SharedRule::value).containsExactly("red");
  }

  @Test
  void leavesTheLastGoodOneInForceWhenAWrongOneWasKept() throws Exception {
    follow();
    change("red");
    memory.kept.add(new SharedRule(colour, "wrong", 9_000));
    keepIn(memory);

    assertThat(inForce).hasValue("red");
    assertThat(rules.find(colour).orElseThrow().value()).isEqualTo("red");
  }

  @Test
  void changesNothingThatCannotBeKept() {
    follow();
    memory.isGone = true;

    assertThatThrownBy(() -> change("red")).hasMessageContaining("the disk is full");
    assertThat(inForce).hasValue("own");
  }

  @Test
  void keepsWhatTwoOperatorsAddAtOnce() throws Exception {
    follow();
    change("red");
    AtomicReference<Optional<SharedRule>> other =
        new AtomicReference<>(Optional.of(new SharedRule(colour, "red green", 2_000)));

    rules
        .change(
            colour,
            before -> {
              // The other node's change comes between this one's look and its save.
              other.getAndSet(Optional.empty()).ifPresent(memory::save);
              return before.orElseThrow() + " blue";
            },
            clock)
        .toCompletableFuture()
        .get(20, TimeUnit.SECONDS);

    assertThat(inForce).hasValue("red green blue");
    assertThat(memory.kept).extracting(SharedRule::value).containsExactly("red green blue");
  }

  @Test
  void tellsOfARuleThatCannotBeUsedOnceForEachChangeOfIt() throws Exception {
    follow();
    change("red");
    try (LogLines log = new LogLines(SharedRules.class)) {
      for (long changed : List.of(9_000L, 9_000L, 9_000L, 9_001L)) {
        memory.kept.removeIf(rule -> rule.name().equals(colour));
        memory.kept.add(new SharedRule(colour, "wrong", changed));
        keepIn(memory);
      }

      assertThat(log.all()).filteredOn(line -> line.contains(colour)).hasSize(2);
    }
  }

  @Test
  void takesNoEarlierChangeInPlaceOfALaterOne() throws Exception {
    follow();
    change("red");
    rules
        .change(new SharedRule(colour, "green", 999))
        .toCompletableFuture()
        .get(20, TimeUnit.SECONDS);

    assertThat(inForce).hasValue("red");
  }

  @Test
  void leavesTheLaterOfTwoChangesInForceThatComeAtOnce() throws Exception {
    AtomicReference<Thread> later = new AtomicReference<>();
    rules.follow(
        colour,
        rule ->
            () -> {
              if (rule.value().equals("red")) {
                Thread other =
                    new Thread(() -> rules.change(new SharedRule(colour, "green", 9_000)));
                other.start();
                later.set(other);
                // It waits until this one is in force, or comes before it.
                await().until(() -> !other.isAlive() || other.getState() == Thread.State.BLOCKED);
              }
              inForce.set(rule.value());
            });
    change("red");
    later.get().join();

    assertThat(inForce).hasValue("green");
  }

  @Test
  void givesEachChangeOfOneMomentAPlaceInTheirOrder() throws Exception {
    follow();
    change("red");
    change("green");

    assertThat(inForce).hasValue("green");
  }
}
