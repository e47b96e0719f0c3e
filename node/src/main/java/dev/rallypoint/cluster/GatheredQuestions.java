package dev.rallypoint.cluster;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Asks questions one by one while few are under way. Further ones wait, and go out together, as one
 * question, when an earlier one has ended: the more there are, the less each costs. Safe for all
 * threads. The caller bounds how many may wait.
 */
public final class GatheredQuestions<Q, A> {
  private final int mostUnderWay;
  private final int mostTogether;
  private final Function<Q, CompletionStage<A>> one;
  private final Function<List<Q>, CompletionStage<List<A>>> together;
  private final Queue<Waiting<Q, A>> waiting = new ArrayDeque<>();
  private int underWay;

  private record Waiting<Q, A>(Q question, CompletableFuture<A> answer) {}

  /**
   * @param mostUnderWay how many questions of both kinds are under way at once
   * @param mostTogether how many are asked as one
   * @param one asks one
   * @param together asks several; the answers are in the order of the questions
   */
  public GatheredQuestions(
      int mostUnderWay,
      int mostTogether,
      Function<Q, CompletionStage<A>> one,
      Function<List<Q>, CompletionStage<List<A>>> together) {
    this.mostUnderWay = mostUnderWay;
    this.mostTogether = mostTogether;
    this.one = one;
    this.together = together;
  }

  /** Asks, now or together with others; the stage fails as the question does that it went with. */
  public CompletionStage<A> ask(Q question) {
    synchronized (waiting) {
      if (underWay == mostUnderWay) {
        CompletableFuture<A> answer = new CompletableFuture<>();
        waiting.add(new Waiting<>(question, answer));
        return answer;
      }
      underWay++;
    }
    return begun(one, question).whenComplete((answer, failure) -> onEnd());
  }

  private void onEnd() {
    List<Waiting<Q, A>> next = new ArrayList<>();
    synchronized (waiting) {
      while (next.size() < mostTogether && !waiting.isEmpty()) {
        next.add(waiting.remove());
      }
      if (next.isEmpty()) {
        underWay--;
        return;
      }
    }
    begun(together, next.stream().map(Waiting::question).toList())
        .whenComplete((answers, failure) -> {
          for (int i = 0; i < next.size(); i++) {
            CompletableFuture<A> answer = next.get(i).answer;
            if (failure == null) {
              answer.complete(answers.get(i));
            } else {
              answer.completeExceptionally(failure);
            }
          }
          onEnd();
        });
  }

  /** A question that cannot even be asked has failed. */
  private static <T, R> CompletionStage<R> begun(Function<T, CompletionStage<R>> ask, T question) {
    try {
      return ask.apply(question);
    } catch (RuntimeException e) {
      return CompletableFuture.failedStage(e);
    }
  }
}
