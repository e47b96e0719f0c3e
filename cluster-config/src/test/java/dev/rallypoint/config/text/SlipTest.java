package dev.rallypoint.config.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SlipTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          "abc           | it has a quote on one side only
          abc'           | it has a quote on one side only
          ${KEY}         | the variable was not replaced; write its value
          ${KEY:-abc}    | the variable was not replaced; write its value
          ${HOME}/data   | the variable was not replaced; write its value
          $KEY           | the variable was not replaced; write its value
          $HOME/data     | the variable was not replaced; write its value
          <your key>     | this is a placeholder; write what it stands for
          {{ key }}      | this is a placeholder; write what it stands for
          """)
  void isNamedWithItsMend(String value, String mend) {
    assertThat(Slip.in(value)).contains(mend);
    assertThat(Slip.inPath(value)).contains(mend);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "abc",
        "$ecret",
        "a$B",
        "pa<ss>",
        "it's",
        "5 > 4",
        "höchst geheim",
        "{a}",
        "-"
      })
  void isNotSeenInAValueThatMayBeMeant(String value) {
    assertThat(Slip.in(value)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /srv/${N}/data | the variable was not replaced; write its value
          ~/data         | only a shell replaces the ~; write the home folder itself
          ~              | only a shell replaces the ~; write the home folder itself
          ~me/data       | only a shell replaces the ~; write the home folder itself
          C:\\data        | write a path of this system
          D:/data        | write a path of this system
          \\\\nas\\data    | write a path of this system
          """)
  void ofAPathIsNamedWithItsMend(String path, String mend) {
    assertThat(Slip.inPath(path)).contains(mend);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ".",
        "data",
        "/srv/da ta/ü",
        "/srv/a$b",
        "db~1",
        "./~/x",
        "C:data",
        "a<b",
        "/c$/x"
      })
  void isNotSeenInAPathThatMayBeMeant(String path) {
    assertThat(Slip.inPath(path)).isEmpty();
  }
}
