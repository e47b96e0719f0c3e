package dev.rallypoint.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.app.Shell;
import dev.rallypoint.app.onboarding.ClientConfig;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartupNoticeTest {
  @TempDir Path folder;
  private Shell shell;

  @BeforeEach
  void begin() {
    shell = new Shell(folder);
  }

  @Test
  void printsWhatAClientImportsWhereTheNameIsKnown() {
    assertThat(shell.run("serve", "--set", "relay-name=rd.example.org:21117")).isZero();
    ClientConfig config = new ClientConfig("rd.example.org", "", shell.publicKey());
    assertThat(shell.out().lines())
        .containsSequence(
            "  ID server: rd.example.org",
            "  Relay server: leave it empty",
            "  Key: " + shell.publicKey(),
            "  or import there, from the clipboard: " + config.text(),
            "  or name RustDesk's program for Windows: " + config.fileName(),
            "QR code, text to import, firewall lines: rallypoint client-config --qr");
  }

  @Test
  void hasNoFormToImportForAKeyThatTheOperatorChose() {
    assertThat(shell.run("serve", "-k", "sesame", "--set", "relay-name=rd.example.org")).isZero();
    assertThat(shell.out())
        .contains("ID server: rd.example.org")
        .doesNotContain(new ClientConfig("rd.example.org", "", "sesame").text(), "sesame");
  }
}
