package dev.rallypoint.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SplitSideTest {

  @ParameterizedTest
  @CsvSource({
    // members, those that are lost, the side of the others
    "a,           none,      LARGER",
    "a b,         b,         LARGER",
    "a b,         a,         SMALLER",
    "a b c,       c,         MAJORITY",
    "a b c,       a,         MAJORITY",
    "a b c,       a b,       SMALLER",
    "a b c,       b c,       SMALLER",
    "a b c d,     c d,       LARGER",
    "a b c d,     a b,       SMALLER",
    "a b c d,     b c,       LARGER",
    "a b c d,     a b c,     SMALLER",
    "a b c d,     a,         MAJORITY",
    "a b c d e,   a b,       MAJORITY",
    "a b c d e,   a b c,     SMALLER"
  })
  void isByTheNumberOfMembersAndForEqualNumbersByTheFirst(
      String members, String lost, SplitSide side) {
    assertThat(SplitSide.of(List.of(members.split(" ")), Set.of(lost.split(" ")))).isEqualTo(side);
  }
}
