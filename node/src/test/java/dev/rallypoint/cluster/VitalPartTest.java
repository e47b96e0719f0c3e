package dev.rallypoint.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.typesafe.config.ConfigFactory;
import dev.rallypoint.testing.PlantedFaults;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.pekko.actor.CoordinatedShutdown;
import org.apache.pekko.actor.PoisonPill;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A part that breaks ends its node; one that is stopped does not. */
class VitalPartTest {
  @RegisterExtension final PlantedFaults faults = new PlantedFaults(VitalPart.class);

  private static final String STOPPED = "its part counter failed: it stopped";
  private static final String PLANTED =
      "its part counter failed: java.lang.IllegalStateException: planted";

  private final ActorSystem<Void> system =
      ActorSystem.create(
          Behaviors.empty(),
          "vital",
          ConfigFactory.parseString(
                  """
                  pekko.loggers = ["org.apache.pekko.event.slf4j.Slf4jLogger"]
                  pekko.jvm-exit-on-fatal-error = off
                  """)
              .withFallback(ConfigFactory.load()));

  @AfterEach
  void stop() {
    system.terminate();
    system.getWhenTerminated().toCompletableFuture().join();
  }

  private enum Fault {
    AN_ACTOR_FAILS(PLANTED, system -> counter(system).tell(-1)),
    AN_ACTOR_FAILS_IN_A_MESSAGE_ADAPTER(PLANTED, system -> counter(system).tell(-2)),
    AN_ACTOR_GETS_A_MESSAGE_OF_ANOTHER_TYPE(
        "its part counter failed: java.lang.ClassCastException",
        system -> counter(system).unsafeUpcast().tell("poison")),
    AN_ACTOR_STOPS_BY_ITSELF(STOPPED, system -> counter(system).tell(0)),
    AN_ACTOR_IS_STOPPED(
        STOPPED,
        system ->
            Adapter.toClassic(counter(system))
                .tell(PoisonPill.getInstance(), org.apache.pekko.actor.ActorRef.noSender())),
    AN_ACTOR_FAILS_AT_ITS_START(
        PLANTED,
        system ->
            VitalPart.spawn(
                system,
                Behaviors.setup(context -> {
                  throw planted();
                }),
                "counter")),
    AN_ACTOR_HAS_AN_ERROR_OF_JAVAS_OWN(
        "its part counter failed: java.lang.LinkageError: planted",
        system -> counter(system).tell(-3)),
    A_STREAM_COMPLETES(
        STOPPED, system -> part(system).watch(CompletableFuture.completedStage("done"))),
    A_STREAM_FAILS(PLANTED, system -> part(system).watch(CompletableFuture.failedStage(planted()))),
    A_THREAD_RETURNS(STOPPED, system -> part(system).thread("counter", () -> {}).start()),
    A_THREAD_FAILS(
        PLANTED,
        system ->
            part(system)
                .thread(
                    "counter",
                    () -> {
                      throw planted();
                    })
                .start()),
    A_REPEATED_STEP_FAILS(PLANTED, Fault::repeat);

    private final String line;
    private final Consumer<ActorSystem<?>> plant;

    Fault(String line, Consumer<ActorSystem<?>> plant) {
      this.line = line;
      this.plant = plant;
    }

    private static VitalPart part(ActorSystem<?> system) {
      return new VitalPart(system, "counter");
    }

    private static void repeat(ActorSystem<?> system) {
      Runnable step =
          part(system)
              .guarded(() -> {
                throw planted();
              });
      try (ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor()) {
        var unused = thread.scheduleWithFixedDelay(step, 0, 1, TimeUnit.MILLISECONDS);
        await().until(unused::isDone);
      }
    }
  }

  private static IllegalStateException planted() {
    return new IllegalStateException("planted\nand more");
  }

  private static ActorRef<Integer> counter(ActorSystem<?> system) {
    return VitalPart.spawn(system, counting(), "counter");
  }

  private static Behavior<Integer> counting() {
    return Behaviors.setup(context -> {
      ActorRef<String> adapter =
          context.messageAdapter(
              String.class,
              text -> {
                throw planted();
              });
      return Behaviors.receiveMessage(number ->
          switch (number) {
            case 0 -> Behaviors.stopped();
            case -1 -> throw planted();
            case -2 -> {
              adapter.tell("adapt");
              yield Behaviors.same();
            }
            case -3 -> throw new LinkageError("planted");
            default -> Behaviors.same();
          });
    });
  }

  @ParameterizedTest
  @EnumSource
  void endsItsNodeWithOneLine(Fault fault) {
    fault.plant.accept(system);

    assertThat(system.getWhenTerminated()).succeedsWithin(Duration.ofSeconds(60));
    assertThat(VitalPart.failure(system))
        .hasValueSatisfying(line -> assertThat(line).startsWith(fault.line).hasLineCount(1));
    assertThat(faults.errors())
        .singleElement()
        .satisfies(error -> assertThat(error.getThrowableProxy()).isNotNull());
  }

  @Test
  void mayBeStoppedByItsOwner() {
    VitalPart part = new VitalPart(system, "counter");
    ActorRef<Integer> actor = part.spawn(counting(), "counter", Props.empty());
    part.mayStop();
    actor.tell(0);

    await().until(() -> isNameFree("counter"));
    assertThat(CoordinatedShutdown.get(system).getShutdownReason()).isEmpty();
  }

  /** A name is free once the actor that had it has stopped. */
  private boolean isNameFree(String name) {
    try {
      system.systemActorOf(Behaviors.ignore(), name, Props.empty());
      return true;
    } catch (org.apache.pekko.actor.InvalidActorNameException e) {
      return false;
    }
  }

  @Test
  void endsWithItsNodeAndIsNoFaultThen() {
    counter(system);
    part();
    system.terminate();
    system.getWhenTerminated().toCompletableFuture().join();

    assertThat(CoordinatedShutdown.get(system).getShutdownReason())
        .isEqualTo(Optional.of(CoordinatedShutdown.actorSystemTerminateReason()));
  }

  private void part() {
    new VitalPart(system, "stream").watch(system.getWhenTerminated());
  }
}
