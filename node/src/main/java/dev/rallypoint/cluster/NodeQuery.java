package dev.rallypoint.cluster;

import dev.rallypoint.cluster.OtherNodes.Answers;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future.State;
import java.util.function.Predicate;

/**
 * One question to several nodes. It completes when all have answered or failed, or when all
 * reachable nodes have and one answer is sufficient. So a node that crashed a moment ago does not
 * delay a question whose answer was found elsewhere.
 *
 * @param isSufficient an answer after which unreachable nodes are not waited for
 */
record NodeQuery<A>(List<Question<A>> questions, Predicate<A> isSufficient) {

  /** The question to one node; its answer fails at the timeout. */
  record Question<A>(boolean isNodeReachable, CompletableFuture<A> answer) {
    boolean isOver() {
      return answer.isDone();
    }
  }

  /** The answers when the query completes. */
  CompletionStage<Answers<A>> outcome() {
    CompletableFuture<Answers<A>> outcome = new CompletableFuture<>();
    for (Question<A> question : questions) {
      var unused = question.answer.whenComplete((answer, failure) -> check(outcome));
    }
    check(outcome); // there may be no other nodes
    return outcome;
  }

  private void check(CompletableFuture<Answers<A>> outcome) {
    boolean isOver = questions.stream().allMatch(Question::isOver);
    boolean isOverWhereReachable =
        questions.stream().filter(Question::isNodeReachable).allMatch(Question::isOver);
    List<A> answers =
        questions.stream()
            .map(Question::answer)
            .filter(answer -> answer.state() == State.SUCCESS)
            .map(CompletableFuture::resultNow)
            .toList();
    if (isOver || isOverWhereReachable && answers.stream().anyMatch(isSufficient)) {
      outcome.complete(new Answers<>(answers, isOver && answers.size() == questions.size()));
    }
  }
}
