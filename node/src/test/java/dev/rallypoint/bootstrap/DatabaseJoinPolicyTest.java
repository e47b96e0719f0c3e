package dev.rallypoint.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a node decides that finds the others in the shared database. */
class DatabaseJoinPolicyTest {
  private final DatabaseJoinPolicy policy =
      new DatabaseJoinPolicy("rallypoint", JoinViews.TIMEOUTS);

  @ParameterizedTest
  @CsvSource({
    // rows, answers, seconds waited, decision
    ",         ,       0,  begin",
    "b:0,      b+,     0,  join b",
    "b:0 c:0,  c+ b+,  0,  join c b",
    "b:0,      b,      0,  wait b 5",
    "b:0,      ,       0,  wait b 5",
    "b:5,      ,       5,  wait b 5",
    "b:6,      ,       6,  unreachable b",
    "b:6,      b+,     6,  join b",
    "b:1 c:6,  ,       9,  unreachable c",
    "b,        ,       3,  wait b 3",
    "b,        ,       4,  begin",
    "b,        b+,     4,  join b",
    "b,        b*,     3,  wait b 3",
    "b,        b*,     4,  begin",
    "b c:1,    ,       9,  wait c 5",
    // another database: what came here with a restored backup
    "b,        b!,     3,  wait b 3",
    "b,        b!,     4,  begin",
    "b:1,      b!,     1,  wait b 5",
    "b c,      b! c+,  0,  join c",
    // a member's own database does not answer it
    "b,        b?,     4,  wait b 5",
    "b,        b?,     6,  database of b silent",
    "b c,      b? c+,  0,  join c"
  })
  void decides(String rows, String answers, int waited, String decision) {
    assertThat(JoinViews.text(policy.next(JoinViews.of(rows, answers, waited))))
        .isEqualTo(decision);
  }

  @Test
  void asksEveryNodeThatHasARow() {
    assertThat(policy.addressesToAsk(List.of(JoinViews.row("b"), JoinViews.row("c"))))
        .containsExactly("b", "c");
  }
}
