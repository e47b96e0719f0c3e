package dev.rallypoint.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.app.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The page of commands tells what the program does. */
class CommandsPageTest {
  private static final Pattern OPTION = Pattern.compile("--[a-z][a-z-]*");

  /** Told once for all commands. */
  private static final Set<String> COMMON =
      Set.of("--help", "--version", "--data", "--config", "--port", "--bind", "--set", "--json");

  private static String page;

  @BeforeAll
  static void read() throws IOException {
    page = Files.readString(Path.of("../docs/commands.md"));
  }

  private static String help(String... command) {
    Shell shell = new Shell(Path.of("").toAbsolutePath());
    assertThat(shell.run(command)).isZero();
    return shell.out();
  }

  private static List<String> commands() {
    return help("--help")
        .lines()
        .dropWhile(line -> !line.startsWith("Commands:"))
        .skip(1)
        .takeWhile(line -> line.startsWith("  "))
        .filter(line -> line.matches("  [a-z].*"))
        .map(line -> line.strip().split(" ")[0])
        .toList();
  }

  /** The commands that ask a running node. */
  static List<String> asking() {
    return commands().stream()
        .filter(command -> !command.equals("help"))
        .filter(command -> help(command, "--help").contains("which has its token"))
        .toList();
  }

  private static String section(String command) {
    Matcher section = Pattern.compile("(?ms)^## " + command + "$(.*?)(?=^## |\\z)").matcher(page);
    assertThat(section.find()).as("a section of " + command).isTrue();
    return section.group(1);
  }

  private static Set<String> options(String text) {
    Set<String> options = new TreeSet<>();
    OPTION.matcher(text).results().forEach(found -> options.add(found.group()));
    options.removeAll(COMMON);
    return options;
  }

  private static String flat(String text) {
    return text.replace("`", "").replaceAll("\\s+", " ");
  }

  @Test
  void listsEveryCommand() {
    assertThat(commands())
        .contains("serve", "peers")
        .allSatisfy(command -> assertThat(page).contains("`" + command + "`"));
  }

  @ParameterizedTest
  @MethodSource("asking")
  void namesTheFlagsThatTheHelpHas(String command) {
    assertThat(options(section(command))).isEqualTo(options(help(command, "--help")));
  }

  @ParameterizedTest
  @MethodSource("asking")
  void tellsTheExitCodesAsTheHelpDoes(String command) {
    Matcher codes = Pattern.compile("Exit codes: [^.]*\\.").matcher(flat(help(command, "--help")));
    assertThat(codes.find()).as("exit codes of " + command).isTrue();
    assertThat(flat(section(command))).contains(codes.group());
  }

  @ParameterizedTest
  @MethodSource("asking")
  void fitsIntoAHundredColumns(String command) {
    assertThat(help(command, "--help").lines()).allMatch(line -> line.length() <= 100);
  }
}
