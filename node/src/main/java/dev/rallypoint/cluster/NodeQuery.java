package dev.rallypoint.cluster;

import dev.rallypoint.cluster.OtherNodes.Answers;
import dev.rallypoint.cluster.OtherNodes.Node;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Scheduler;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.japi.function.Function;

/**
 * One question to several nodes. It completes when all have answered, when all reachable nodes have
 * and one answer is sufficient, or at the timeout. So a node that crashed a moment ago does not
 * delay a question whose answer was found elsewhere.
 */
final class NodeQuery<A> {
  private final List<Node> asked;
  private final Predicate<A> isSufficient;
  private final Queue<A> values = new ConcurrentLinkedQueue<>();
  private final AtomicInteger missing;
  private final AtomicInteger missingReachable;
  private final AtomicInteger unanswered = new AtomicInteger();
  private final CompletableFuture<Answers<A>> outcome = new CompletableFuture<>();

  NodeQuery(List<Node> asked, Predicate<A> isSufficient) {
    this.asked = asked;
    this.isSufficient = isSufficient;
    this.missing = new AtomicInteger(asked.size());
    this.missingReachable =
        new AtomicInteger((int) asked.stream().filter(Node::isReachable).count());
  }

  <Q> CompletionStage<Answers<A>> ask(
      java.util.function.Function<Node, ActorRef<Q>> actor,
      Function<ActorRef<A>, Q> question,
      Duration timeout,
      Scheduler scheduler) {
    if (asked.isEmpty()) {
      return CompletableFuture.completedStage(new Answers<>(List.of(), true));
    }
    for (Node node : asked) {
      AskPattern.<Q, A>ask(actor.apply(node), question, timeout, scheduler)
          .whenComplete((answer, failure) -> {
            if (failure == null) {
              values.add(answer);
            } else {
              unanswered.incrementAndGet();
            }
            onAnswer(node);
          });
    }
    return outcome;
  }

  private void onAnswer(Node from) {
    int reachable =
        from.isReachable() ? missingReachable.decrementAndGet() : missingReachable.get();
    int left = missing.decrementAndGet();
    if (left == 0 || reachable == 0 && values.stream().anyMatch(isSufficient)) {
      outcome.complete(new Answers<>(List.copyOf(values), left == 0 && unanswered.get() == 0));
    }
  }
}
