package dev.rallypoint.registration;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LateAnswersTest {
  private final LateAnswers answers = new LateAnswers();

  @Test
  void areWaitedForByABoundedNumberOnly() {
    assertThat(IntStream.range(0, LateAnswers.MOST_WAITING).mapToObj(i -> answers.begin()))
        .containsOnly(LateAnswers.LATE);

    assertThat(answers.begin()).isEqualTo(LateAnswers.IN_TIME);
  }

  @Test
  void areWaitedForAgainOnceOthersHaveEnded() {
    IntStream.rangeClosed(0, LateAnswers.MOST_WAITING).forEach(i -> answers.begin());
    IntStream.rangeClosed(0, 1).forEach(i -> answers.end());

    assertThat(answers.begin()).isEqualTo(LateAnswers.LATE);
  }
}
