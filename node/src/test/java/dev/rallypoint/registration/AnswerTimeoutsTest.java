package dev.rallypoint.registration;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AnswerTimeoutsTest {
  private final AnswerTimeouts answers = new AnswerTimeouts();

  @Test
  void areWaitedForByABoundedNumberOnly() {
    assertThat(IntStream.range(0, AnswerTimeouts.MOST_WAITING).mapToObj(i -> answers.begin()))
        .containsOnly(AnswerTimeouts.LATE);

    assertThat(answers.begin()).isEqualTo(AnswerTimeouts.IN_TIME);
  }

  @Test
  void areWaitedForAgainOnceOthersHaveEnded() {
    IntStream.rangeClosed(0, AnswerTimeouts.MOST_WAITING).forEach(i -> answers.begin());
    IntStream.rangeClosed(0, 1).forEach(i -> answers.end());

    assertThat(answers.begin()).isEqualTo(AnswerTimeouts.LATE);
  }
}
