package dev.rallypoint.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.policy.RelayChoice.Candidate;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Which relay is chosen. */
class RelayChoiceTest {
  private static final List<String> THREE = List.of("a", "b:2", "c");
  private static final List<Candidate> NODES =
      List.of(
          new Candidate("one", false, 1000),
          new Candidate("two", false, 1100),
          new Candidate("three", false, 1200));

  private static List<String> turns(long from, int count, Predicate<String> answers) {
    return LongStream.range(from, from + count)
        .mapToObj(turn -> RelayChoice.choose(THREE, answers, NODES, turn).orElseThrow())
        .toList();
  }

  private static List<String> nodes(Candidate... nodes) {
    return LongStream.range(0, 2L * nodes.length)
        .mapToObj(turn -> RelayChoice.choose(List.of(), relay -> true, List.of(nodes), turn))
        .flatMap(java.util.Optional::stream)
        .distinct()
        .sorted()
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
    assertThat(RelayChoice.choose(THREE, relay -> true, NODES, Long.MIN_VALUE)).isPresent();
  }

  @Test
  void choosesNoneWhereNoneIsConfiguredAndNoNodeHasAName() {
    assertThat(nodes()).isEmpty();
    assertThat(nodes(new Candidate("", false, 0))).isEmpty();
  }

  @Test
  void takesTurnsAmongNodesThatAreAboutEquallyLoaded() {
    assertThat(nodes(NODES.toArray(Candidate[]::new))).containsExactly("one", "two");
    assertThat(nodes(new Candidate("x", false, 0), new Candidate("y", false, 8)))
        .containsExactly("x", "y");
  }

  @Test
  void choosesTheLeastLoadedNode() {
    assertThat(nodes(new Candidate("x", false, 0), new Candidate("y", false, 9)))
        .containsExactly("x");
  }

  @Test
  void namesNoNodeThatDrains() {
    assertThat(nodes(new Candidate("x", true, 0), new Candidate("y", false, 500)))
        .containsExactly("y");
    assertThat(nodes(new Candidate("x", true, 0))).isEmpty();
  }

  private static List<String> listed(Candidate... nodes) {
    return LongStream.range(0, 6)
        .mapToObj(turn -> RelayChoice.choose(THREE, relay -> true, List.of(nodes), turn))
        .flatMap(java.util.Optional::stream)
        .distinct()
        .sorted()
        .toList();
  }

  @Test
  void leavesNodesThatDrainOutOfTheList() {
    assertThat(listed(new Candidate("B:2", true, 0), new Candidate("c", false, 0)))
        .containsExactly("a", "c");
  }

  @Test
  void takesTurnsAmongAllWhenTheWholeListDrains() {
    assertThat(
            listed(
                new Candidate("a", true, 0),
                new Candidate("b:2", true, 0),
                new Candidate("c", true, 0)))
        .containsExactly("a", "b:2", "c");
  }

  @Test
  void choosesTheSameForTheSameTurnWhateverTheOrder() {
    assertThat(RelayChoice.choose(List.of(), relay -> true, NODES, 3))
        .isEqualTo(RelayChoice.choose(List.of(), relay -> true, NODES.reversed(), 3));
  }
}
