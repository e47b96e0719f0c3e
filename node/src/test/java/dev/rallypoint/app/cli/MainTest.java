package dev.rallypoint.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.app.Shell;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MainTest {
  @TempDir Path folder;
  private Shell shell;

  @BeforeEach
  void begin() {
    shell = new Shell(folder);
  }

  @Test
  void showsHelpWithoutACommand() {
    assertThat(shell.run()).isZero();
    assertThat(shell.out())
        .contains("21115/tcp, 21116/tcp, 21116/udp and 21117/tcp", "ID server:", "Key:");
  }

  @Test
  void tellsItsVersion() {
    assertThat(shell.run("--version")).isZero();
    assertThat(shell.out()).startsWith("rallypoint ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          serve -p 0              | port = 0 (from the command line): write a number from 3 to 65533
          serve -p x              | port = x (from the command line): write a whole number
          serve --prot 1          | unknown flag --prot: did you mean --port?
          serve --relay-server=a  | unknown flag --relay-server: did you mean --relay-servers?
          serve --offline-after 1 | unknown flag --offline-after: did you mean --set offline-after=VALUE?
          serve --zzzzzzzzzz      | unknown flag --zzzzzzzzzz: see --help
          serve --set port        | --set = port: write NAME=VALUE
          serve --set prot=1      | setting = prot (from the command line): unknown name, did you mean port?
          serve -p 1 --set port=2 | port = two values: write it once on the command line
          serve -k -p             | Expected parameter for option '--key' but found '-p'
          serve -p                | Missing required parameter for option '--port' (PORT)
          serve now               | unknown command now: see --help
          serv                    | unknown command serv: did you mean serve?
          serv --help             | unknown command serv: did you mean serve?
          zzzzzz --help           | unknown command zzzzzz: see --help
          keys shwo               | unknown command shwo: did you mean show?
          keys show --foo         | unknown flag --foo: see --help
          """)
  void refusesABadFlagInOneLineWithCode2(String line, String message) {
    assertThat(shell.run(line.strip().split(" "))).isEqualTo(2);
    assertThat(shell.err()).isEqualTo("rallypoint: " + message + System.lineSeparator());
    assertThat(shell.started).isEmpty();
  }

  @Test
  void listsEverySettingWithItsMeaning() {
    assertThat(shell.run("settings")).isZero();
    assertThat(shell.out()).contains("port = 21116", "relay-idle-timeout = 60s");
  }
}
