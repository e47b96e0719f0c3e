package dev.rallypoint.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.app.Shell;
import dev.rallypoint.testing.TestNode;
import dev.rallypoint.testing.TestSettings;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class LogLevelCommandTest {
  private static final Logger PUNCHES = LoggerFactory.getLogger("access.punch");
  @TempDir static Path data;
  private static TestNode node;
  private Shell shell;

  @BeforeAll
  static void start() {
    node = TestNode.start(TestSettings.in(data).management());
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @BeforeEach
  void begin() {
    shell = new Shell(data);
    shell.environment.put("RALLYPOINT_MANAGEMENT_PORT", Integer.toString(node.port() + 5));
  }

  @AfterEach
  void end() {
    shell.run("log-level", "access.punch", "DEFAULT");
  }

  @Test
  void changesTheLevelOfAnAreaOfTheRunningNode() {
    assertThat(PUNCHES.isDebugEnabled()).isFalse();

    assertThat(shell.run("log-level", "access.punch", "debug")).isZero();

    assertThat(PUNCHES.isDebugEnabled()).isTrue();
    assertThat(shell.out().lines()).anyMatch(line -> line.matches("access\\.punch +DEBUG"));
  }

  @Test
  void givesAnAreaUpAgain() {
    assertThat(shell.run("log-level", "access.punch", "TRACE")).isZero();
    assertThat(shell.run("log-level", "Access.Punch", "default")).isZero();
    assertThat(PUNCHES.isDebugEnabled()).isFalse();
  }

  @Test
  void showsEachAreaAsJsonToo() {
    assertThat(shell.run("log-level", "--json")).isZero();
    assertThat(shell.out()).contains("\"all\" : \"WARN\"", "\"pekko\" : ");
  }

  @Test
  void saysWhatThereIsForAnUnknownAreaOrLevel() {
    assertThat(shell.run("log-level", "punches", "DEBUG")).isEqualTo(2);
    assertThat(shell.run("log-level", "relay", "loud")).isEqualTo(2);
    assertThat(shell.run("log-level", "relay")).isEqualTo(2);
    assertThat(shell.err())
        .contains("there is no area punches; there are all, access,")
        .contains("there is no level loud; write TRACE, DEBUG,")
        .contains("log-level = relay: write a level after it");
  }
}
