package dev.rallypoint.cluster;

import dev.rallypoint.cluster.OtherNodes.Answers;
import dev.rallypoint.cluster.OtherNodes.Neighbour;
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
 * One question to several nodes. It is over when all have answered, when all that can be reached
 * have and one said enough, or when the patience is: a node that crashed a moment ago holds nobody
 * up who has found what he looked for.
 */
final class NodeQuery<A> {
  private final List<Neighbour> asked;
  private final Predicate<A> enough;
  private final Queue<A> said = new ConcurrentLinkedQueue<>();
  private final AtomicInteger missing;
  private final AtomicInteger missingReachable;
  private final AtomicInteger silent = new AtomicInteger();
  private final CompletableFuture<Answers<A>> outcome = new CompletableFuture<>();

  NodeQuery(List<Neighbour> asked, Predicate<A> enough) {
    this.asked = asked;
    this.enough = enough;
    this.missing = new AtomicInteger(asked.size());
    this.missingReachable =
        new AtomicInteger((int) asked.stream().filter(Neighbour::isReachable).count());
  }

  <Q> CompletionStage<Answers<A>> ask(
      java.util.function.Function<Neighbour, ActorRef<Q>> actor,
      Function<ActorRef<A>, Q> question,
      Duration patience,
      Scheduler scheduler) {
    if (asked.isEmpty()) {
      return CompletableFuture.completedStage(new Answers<>(List.of(), true));
    }
    for (Neighbour neighbour : asked) {
      AskPattern.<Q, A>ask(actor.apply(neighbour), question, patience, scheduler)
          .whenComplete((answer, late) -> {
            if (late == null) {
              said.add(answer);
            } else {
              silent.incrementAndGet();
            }
            onAnswer(neighbour);
          });
    }
    return outcome;
  }

  private void onAnswer(Neighbour from) {
    int reachable =
        from.isReachable() ? missingReachable.decrementAndGet() : missingReachable.get();
    int left = missing.decrementAndGet();
    if (left == 0 || reachable == 0 && said.stream().anyMatch(enough)) {
      outcome.complete(new Answers<>(List.copyOf(said), left == 0 && silent.get() == 0));
    }
  }
}
