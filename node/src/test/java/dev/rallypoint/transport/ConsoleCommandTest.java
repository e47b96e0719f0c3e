package dev.rallypoint.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConsoleCommandTest {
  private static final Set<String> WORDS = Set.of("h", "usage", "u", "limit-speed", "ls");

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "u", "us", "usage", "usage\n", "ls 1", "ls 1\r\n", " ls", "ls\t5"})
  void waitsForWhatMayBecomeACommand(String soFar) {
    assertThat(ConsoleCommand.couldBe(bytes(soFar), WORDS)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"x", "usages", "us ", "us\n", "h\u0092\u0001", "h\u0000", "\u0014", "ls \u007f"})
  void waitsForNothingElse(String soFar) {
    assertThat(ConsoleCommand.couldBe(bytes(soFar), WORDS)).isFalse();
    assertThat(ConsoleCommand.parse(bytes(soFar), WORDS)).isEmpty();
  }

  @Test
  void endsAtAKilobyte() {
    assertThat(ConsoleCommand.couldBe(bytes("ls " + "1".repeat(1021)), WORDS)).isTrue();
    assertThat(ConsoleCommand.couldBe(bytes("ls " + "1".repeat(1022)), WORDS)).isFalse();
  }

  @Test
  void splitsALineIntoWords() {
    assertThat(ConsoleCommand.parse(bytes("  ls  12\t 13 \r\nusage\n"), WORDS))
        .contains(new ConsoleCommand("ls", List.of("12", "13")));
  }

  @Test
  void theBeginningOfAWordIsNoCommand() {
    assertThat(ConsoleCommand.parse(bytes("usag"), WORDS)).isEmpty();
  }

  @Test
  void isWholeOnceALineHasEnded() {
    assertThat(ConsoleCommand.isWhole(bytes("usage"))).isFalse();
    assertThat(ConsoleCommand.isWhole(bytes("usage\n"))).isTrue();
  }
}
