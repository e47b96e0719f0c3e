package dev.rallypoint.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Questions go out one by one while few are under way, and together after that. */
class GatheredQuestionsTest {
  private final List<List<Integer>> asked = new ArrayList<>();
  private final List<CompletableFuture<List<String>>> answers = new ArrayList<>();
  private final GatheredQuestions<Integer, String> questions =
      new GatheredQuestions<>(2, 3, one -> ask(List.of(one)).thenApply(List::getFirst), this::ask);

  private CompletionStage<List<String>> ask(List<Integer> together) {
    if (together.contains(13)) {
      throw new IllegalStateException("cannot be asked");
    }
    asked.add(together);
    CompletableFuture<List<String>> answer = new CompletableFuture<>();
    answers.add(answer);
    return answer;
  }

  private void answer(int place) {
    answers.get(place).complete(asked.get(place).stream().map(String::valueOf).toList());
  }

  private List<CompletableFuture<String>> askAll(int... numbers) {
    List<CompletableFuture<String>> all = new ArrayList<>();
    for (int number : numbers) {
      all.add(questions.ask(number).toCompletableFuture());
    }
    return all;
  }

  @Test
  void asksEachAtOnceWhileFewAreUnderWay() {
    askAll(1, 2);

    assertThat(asked).containsExactly(List.of(1), List.of(2));
  }

  @Test
  void asksThoseThatWaitedTogether() {
    List<CompletableFuture<String>> all = askAll(1, 2, 3, 4, 5, 6);

    answer(0);
    answer(2);

    assertThat(asked).containsExactly(List.of(1), List.of(2), List.of(3, 4, 5), List.of(6));
    assertThat(all.subList(2, 5))
        .extracting(CompletableFuture::resultNow)
        .containsExactly("3", "4", "5");
    assertThat(all.getLast()).isNotDone();
  }

  @Test
  void asksOneByOneAgainWhenNoneWaits() {
    askAll(1, 2, 3);
    answer(0);
    answer(1);
    answer(2);

    askAll(4, 5);

    assertThat(asked.subList(3, 5)).containsExactly(List.of(4), List.of(5));
  }

  @Test
  void goesOnAfterQuestionsThatFail() {
    List<CompletableFuture<String>> all = askAll(1, 13, 2, 3, 13, 4);

    answers.getFirst().completeExceptionally(new IllegalStateException("no answer"));
    answers.get(1).complete(List.of("2"));
    CompletableFuture<String> later = questions.ask(5).toCompletableFuture();

    assertThat(all.get(2)).isCompletedWithValue("2");
    assertThat(all).filteredOn(CompletableFuture::isCompletedExceptionally).hasSize(5);
    assertThat(later).isNotDone();
    assertThat(asked).endsWith(List.of(5));
  }
}
