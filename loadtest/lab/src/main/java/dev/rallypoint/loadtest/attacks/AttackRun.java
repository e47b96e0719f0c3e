package dev.rallypoint.loadtest.attacks;

import dev.rallypoint.loadtest.attacks.harness.Attack;
import dev.rallypoint.loadtest.attacks.harness.AttackContext;
import dev.rallypoint.loadtest.attacks.harness.AttackedNode;
import dev.rallypoint.loadtest.attacks.harness.Finding;
import dev.rallypoint.loadtest.attacks.harness.HonestClients;
import dev.rallypoint.loadtest.attacks.harness.Phase;
import dev.rallypoint.loadtest.attacks.harness.RunFigures;
import dev.rallypoint.loadtest.environment.ExitCleanup;
import dev.rallypoint.loadtest.environment.Polling;
import dev.rallypoint.loadtest.environment.TemporaryFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Runs one attack on a new node: first the honest clients alone, then with the attacker. */
final class AttackRun {
  private static final Duration WARM_UP = Duration.ofSeconds(4);

  /** For the last requests of an attack after its time. */
  private static final Duration LONGEST_END = Duration.ofSeconds(40);

  private final Path launcher;
  private final Duration time;
  private final boolean keeps;

  /**
   * @param launcher bin/rallypoint
   * @param time how long the honest clients are measured without and with the attack
   * @param keeps whether the data and the log of the node are kept
   */
  AttackRun(Path launcher, Duration time, boolean keeps) {
    this.launcher = launcher;
    this.time = time;
    this.keeps = keeps;
  }

  /** The figures of a run and what they mean. */
  record Outcome(RunFigures figures, List<Finding> findings) {
    boolean held() {
      return findings.stream().allMatch(Finding::held);
    }
  }

  /** Runs the attack from this many source addresses. */
  Outcome run(Attack attack, int addresses) throws IOException {
    Path folder = TemporaryFolder.create("attack-" + attack.name());
    ExecutorService threads =
        Executors.newCachedThreadPool(Thread.ofPlatform().daemon().name("attacks-", 0).factory());
    try (AttackedNode node = AttackedNode.start(launcher, folder, attack.node())) {
      ExitCleanup cleanup = ExitCleanup.register(node::close);
      try (HonestClients honest = new HonestClients(node, threads)) {
        honest.register();
        return run(attack, addresses, node, honest, threads);
      } finally {
        threads.shutdownNow();
        cleanup.run();
      }
    } finally {
      if (!keeps) {
        TemporaryFolder.delete(folder);
      }
    }
  }

  private Outcome run(
      Attack attack,
      int addresses,
      AttackedNode node,
      HonestClients honest,
      ExecutorService threads) {
    honest.measure(WARM_UP);
    Phase quiet = honest.measure(time);
    OptionalLong heapBefore = node.heapInUse();
    long rows = node.rows();
    AttackContext context = new AttackContext(node, honest.requester(), threads, addresses, time);
    CompletableFuture<Void> running =
        CompletableFuture.runAsync(() -> attack(attack, context), threads);
    Phase attacked = honest.measure(time);
    context.close();
    if (!Polling.await(LONGEST_END, running::isDone)) {
      context.check("the attack was carried out", false, "it did not end");
    }
    RunFigures figures =
        new RunFigures(
            addresses,
            quiet,
            attacked,
            context.sent(),
            context.victim(),
            node.rows() - rows,
            new RunFigures.Heap(heapBefore, node.heapInUse()),
            context.notes());
    context.check("the node goes on", node.isAlive(), node.isAlive() ? "yes" : "no");
    List<Finding> findings = new ArrayList<>(context.findings());
    findings.addAll(attack.judge(figures));
    findings.addAll(HonestRules.judge(figures));
    return new Outcome(figures, List.copyOf(findings));
  }

  private static void attack(Attack attack, AttackContext context) {
    try {
      attack.run(context);
    } catch (Exception e) {
      context.check("the attack was carried out", false, e);
    }
  }
}
