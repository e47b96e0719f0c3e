package dev.rallypoint.config.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuotesTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          abc            | abc
          "abc"          | abc
          'abc'          | abc
          `abc`          | abc
          “abc”          | abc
          „abc“          | abc
          ‘abc’          | abc
          «abc»          | abc
          '"abc"'        | abc
          "' abc '"      | abc
          "a "b" c"      | a "b" c
          it's           | it's
          "abc           | "abc
          abc'           | abc'
          "abc'          | "abc'
          "a","b"        | "a","b"
          'a' ; 'b'      | 'a' ; 'b'
          """)
  void takesPairsOffAndNothingElse(String written, String value) {
    assertThat(Quotes.off(written)).isEqualTo(value);
  }

  @ParameterizedTest
  @CsvSource({"'\"\"'", "''", "' '", "'\u00A0\u200B'", "'\"  \"'"})
  void leavesNothingOfNothing(String written) {
    assertThat(Quotes.off(written)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"'\uFEFFabc'", "'\u200Babc\u00A0'", "'abc\r\n'", "'\tabc '"})
  void takesInvisibleBlanksOff(String written) {
    assertThat(Quotes.off(written)).isEqualTo("abc");
  }
}
