package dev.rallypoint.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SplitSideTest {

  @ParameterizedTest
  @CsvSource({
    "a b, b, false",
    "a b, a, true",
    "a b c, c, false",
    "a b c, a, false",
    "a b c, a b, true",
    "a b c, b c, true",
    "a b c d, c d, false",
    "a b c d, a b, true",
    "a b c d, b c, false",
    "a b c d, a b c, true",
    "a, none, false"
  })
  void theSmallerOneReachesFewerOrOfEqualOnesNotTheFirst(
      String members, String lost, boolean isSmaller) {
    assertThat(SplitSide.isSmaller(List.of(members.split(" ")), Set.of(lost.split(" "))))
        .isEqualTo(isSmaller);
  }
}
