package dev.rallypoint.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a node decides that finds the others at seed addresses. */
class SeedJoinPolicyTest {
  private static final List<String> SEEDS = List.of("a", "b");

  private static SeedJoinPolicy of(String self) {
    return new SeedJoinPolicy(self, SEEDS, JoinViews.TIMEOUTS);
  }

  @ParameterizedTest
  @CsvSource({
    // this node, rows, answers, seconds waited, decision
    "a, ,        ,    0,  wait a 5",
    "a, ,        b,   0,  begin",
    "a, ,        b+,  0,  join b",
    "a, ,        ,    3,  wait a 5",
    "a, ,        ,    4,  begin",
    "a, c,       b,   0,  wait a 5",
    "a, c,       b,   4,  begin",
    "a, c:1,     b,   9,  wait c 5",
    "a, c:6,     b,   9,  unreachable c",
    "b, ,        a,   4,  wait a 5",
    "b, ,        a,   6,  'nobody begins, a waits'",
    "b, ,        ,    6,  unreachable a",
    "b, ,        a+,  6,  join a",
    "b, c:1,     ,    9,  wait c 5",
    "b, c:6,     ,    9,  unreachable c",
    "c, ,        a*,  0,  join a",
    // another database: of a row it came with a backup, of a seed the joining is refused
    "a, c,       c!,  4,  begin",
    "a, ,        b!,  0,  join b",
    "a, ,        b?,  4,  wait b 5",
    "a, ,        b?,  6,  database of b silent"
  })
  void decides(String self, String rows, String answers, int waited, String decision) {
    assertThat(JoinViews.text(of(self).next(JoinViews.of(rows, answers, waited))))
        .isEqualTo(decision);
  }

  @Test
  void asksTheOtherSeedNodesAndEveryNodeThatHasARowOnce() {
    assertThat(of("a").addressesToAsk(List.of(JoinViews.row("b"), JoinViews.row("c"))))
        .containsExactly("b", "c");
  }
}
