package dev.rallypoint.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RelayChoiceTest {
  private static final List<String> THREE = List.of("a", "b:2", "c");

  private static List<String> turns(long from, int count, Predicate<String> answers) {
    return LongStream.range(from, from + count)
        .mapToObj(turn -> RelayChoice.choose(THREE, answers, turn).orElseThrow())
        .toList();
  }

  @Test
  void takesTurns() {
    assertThat(turns(0, 5, relay -> true)).containsExactly("a", "b:2", "c", "a", "b:2");
  }

  @Test
  void leavesOutThoseThatDoNotAnswer() {
    assertThat(turns(0, 4, relay -> !relay.equals("b:2"))).containsExactly("a", "c", "a", "c");
  }

  @Test
  void takesTurnsAmongAllWhenNoneAnswers() {
    assertThat(turns(0, 4, relay -> false)).containsExactly("a", "b:2", "c", "a");
  }

  @Test
  void takesTurnsAcrossAnOverflowOfTheCounter() {
    assertThat(RelayChoice.choose(THREE, relay -> true, Long.MIN_VALUE)).isPresent();
  }

  @Test
  void choosesNoneWhereNoneIsConfigured() {
    assertThat(RelayChoice.choose(List.of(), relay -> true, 1)).isEmpty();
  }
}
