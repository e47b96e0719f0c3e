package dev.rallypoint.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a node makes of it that its row in the table of members is gone. */
class DeletedRowTest {
  private static List<String> words(String text) {
    return text.isEmpty() ? List.of() : List.of(text.split(" "));
  }

  @ParameterizedTest
  @CsvSource({
    // members it knows, other living rows, stood still: verdict
    "a b c, b c, true,  REMOVED",
    "a b c, c,   true,  REMOVED",
    "a b c, b c, false, LOST",
    "a b c, '',  true,  LOST", // an operator emptied the table, or all stood still
    "a,     '',  true,  LOST",
    "a,     '',  false, LOST",
    "a b,   d,   false, REPLACED",
    "a b,   b d, true,  REPLACED",
    "a b,   a,   false, REPLACED", // another process has its address
    "a b,   a b, true,  REPLACED"
  })
  void isJudged(String members, String alive, boolean stoodStill, DeletedRow verdict) {
    assertThat(DeletedRow.judge("a", Set.copyOf(words(members)), words(alive), stoodStill))
        .isEqualTo(verdict);
  }
}
