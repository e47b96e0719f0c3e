package dev.rallypoint.app.cli.manage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

class TextRowsTest {
  @Test
  void printsNothingThatSteersATerminal() {
    TextRows rows = new TextRows("ID", "IP");
    rows.add("\u001B[2J\u009B1m\u202Ex\n", "größer");
    StringWriter printed = new StringWriter();
    rows.print(new PrintWriter(printed, true));

    assertThat(printed.toString().lines()).containsExactly("ID          IP", "_[2J_1m_x_  größer");
  }
}
