package dev.rallypoint.relay;

import dev.rallypoint.cluster.SharedRules;
import dev.rallypoint.config.RelaySettings;
import dev.rallypoint.policy.RuleName;
import dev.rallypoint.relay.conduit.BufferBudget;
import dev.rallypoint.time.Ticker;
import dev.rallypoint.time.WallClock;
import dev.rallypoint.transport.FrameMemory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorSystem;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Starts relays for a test, in a cluster of one that the tests of a class share, and closes them
 * after the test.
 */
public final class Relays implements BeforeEachCallback, AfterEachCallback {
  private static final ExtensionContext.Namespace SHARED =
      ExtensionContext.Namespace.create(Relays.class);

  private final List<RelayLab> started = new ArrayList<>();
  private ActorSystem<Void> system;
  private Path data;

  private record SharedSystem(ActorSystem<Void> system) implements AutoCloseable {
    @Override
    public void close() {
      system.terminate();
    }
  }

  @Override
  public void beforeEach(ExtensionContext context) throws IOException {
    ExtensionContext ofClass = context;
    while (ofClass.getTestMethod().isPresent()) {
      ofClass = ofClass.getParent().orElseThrow();
    }
    system =
        ofClass
            .getStore(SHARED)
            .getOrComputeIfAbsent(
                SharedSystem.class, key -> new SharedSystem(RelayLab.cluster()), SharedSystem.class)
            .system;
    data = Files.createTempDirectory("relay");
  }

  @Override
  public void afterEach(ExtensionContext context) throws IOException {
    // The tests of a class share the rules too. What no test has changed stays so: a change would
    // be
    // later than the next test's file, whose time the kernel takes from a clock that ticks slowly.
    SharedRules rules = SharedRules.get(system);
    for (RuleName name : RuleName.values()) {
      if (rules.find(name.text()).isPresent()) {
        rules.change(name.text(), "", WallClock.SYSTEM).toCompletableFuture().join();
      }
    }
    started.forEach(RelayLab::close);
    try (Stream<Path> files = Files.list(data)) {
      files.forEach(file -> file.toFile().delete());
    }
    Files.delete(data);
  }

  /** The folder of the lists' files, empty at first. */
  Path data() {
    return data;
  }

  RelayLab start() {
    return start(RelayLab.settings());
  }

  RelayLab start(RelaySettings settings) {
    return start(settings, Ticker.SYSTEM);
  }

  RelayLab start(RelaySettings settings, Ticker clock) {
    return start(parts(settings, FrameMemory.ofHeap()), clock);
  }

  /** A relay on any port of loopback. */
  RelayLab start(RelayParts parts, Ticker clock) {
    return start(parts, clock, BufferBudget.ofDirectMemory());
  }

  /** The same with so much memory for buffers. */
  RelayLab start(RelayParts parts, Ticker clock, BufferBudget buffers) {
    RelayLab lab = RelayLab.start(system, parts, clock, buffers);
    started.add(lab);
    return lab;
  }

  /** Starts a relay where another one listens, which fails. */
  CompletionStage<RelayServer> startOn(InetSocketAddress taken) {
    return RelayStart.start(
        system,
        parts(RelayLab.settings(), FrameMemory.ofHeap()),
        taken,
        Ticker.SYSTEM,
        BufferBudget.ofDirectMemory());
  }

  /** A relay in a cluster of one, with its console. */
  RelayParts parts(RelaySettings settings, FrameMemory memory) {
    return RelayLab.parts(system, settings, data, memory);
  }
}
