package dev.rallypoint.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** The names and the help of a console's commands. */
class ConsoleEntryTest {
  private enum Distinct implements ConsoleEntry {
    LIMIT_SPEED("ls"),
    USAGE("u");

    private final String shortName;

    Distinct(String shortName) {
      this.shortName = shortName;
    }

    @Override
    public Help help() {
      return new Help(shortName, "", "meaning");
    }

    @Override
    public Effect effect() {
      return Effect.NONE;
    }
  }

  private enum Twice implements ConsoleEntry {
    FIRST,
    SECOND;

    @Override
    public Help help() {
      return new Help("f", "", "meaning");
    }

    @Override
    public Effect effect() {
      return Effect.NONE;
    }
  }

  @Test
  void findsACommandByItsLongAndItsShortName() {
    assertThat(ConsoleEntry.byName(Distinct.values()))
        .containsOnlyKeys("limit-speed", "ls", "usage", "u")
        .containsEntry("limit-speed", Distinct.LIMIT_SPEED)
        .containsEntry("ls", Distinct.LIMIT_SPEED);
  }

  @Test
  void refusesANameThatTwoCommandsHave() {
    assertThatThrownBy(() -> ConsoleEntry.byName(Twice.values()))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void helpHasALineForEachCommand() {
    assertThat(ConsoleEntry.help(Distinct.values()).lines())
        .satisfiesExactly(
            line -> assertThat(line).startsWith("limit-speed(ls) ").endsWith(" meaning"),
            line -> assertThat(line).startsWith("usage(u) ").endsWith(" meaning"));
  }
}
