package dev.rallypoint.app.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rallypoint.app.Shell;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoctorCommandTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;
  private Shell shell;

  @BeforeEach
  void begin() {
    shell = new Shell(folder);
  }

  private static String anyPort() {
    return String.valueOf(ThreadLocalRandom.current().nextInt(20_000, 30_000) & ~7);
  }

  @Test
  void printsARowForEachCheckWithItsMend() {
    int code = shell.run("doctor", "no-such-host.invalid", "--ws-port", "1", "--wss-port", "1");

    assertThat(code).isEqualTo(1);
    assertThat(shell.out())
        .containsSubsequence("fault", "name", "no-such-host.invalid has no address")
        .containsSubsequence("-> write the server's name as it is in DNS")
        .contains("no-such-host.invalid:21116: faults: name");
  }

  @Test
  void printsJson() throws Exception {
    int code = shell.run("doctor", "no-such-host.invalid:4000", "--json");

    JsonNode all = JSON.readTree(shell.out());
    assertThat(code).isEqualTo(1);
    assertThat(all.get("subject").asText()).isEqualTo("no-such-host.invalid:4000");
    assertThat(all.get("outcome").asText()).isEqualTo("fault");
    assertThat(all.get("exit_code").asInt()).isEqualTo(1);
    JsonNode row = all.get("checks").get(0);
    assertThat(row.get("check").asText()).isEqualTo("name");
    assertThat(row.get("verdict").asText()).isEqualTo("name_not_found");
    assertThat(row.get("mend").asText()).startsWith("write the server's name");
  }

  @Test
  void looksAtThisMachineWithTheSettingsOfServe() throws Exception {
    shell.run("doctor", "--port", anyPort(), "--set", "api-port=0", "--json");

    JsonNode all = JSON.readTree(shell.out());
    assertThat(all.get("subject").asText()).contains(folder.toString());
    assertThat(all.get("checks").findValuesAsText("check"))
        .contains("settings", "names", "descriptors", "udp-buffer", "temporary-folder", "disk")
        .contains("database", "ports");
    assertThat(folder).as("it makes no key and no database").isEmptyDirectory();
  }

  @Test
  void findsASettingThatServeWouldNotStartWith() {
    int code = shell.run("doctor", "--port", "seventy");

    assertThat(code).isEqualTo(1);
    assertThat(shell.out()).contains("settings").contains("port = seventy");
  }

  @Test
  void refusesANameThatIsNone() {
    int code = shell.run("doctor", "https://rd.example.org");

    assertThat(code).isEqualTo(2);
    assertThat(shell.err()).startsWith("rallypoint: HOST = https://rd.example.org: write host");
  }

  @Test
  void teachesItself() {
    int code = shell.run("doctor", "--help");

    assertThat(code).isZero();
    assertThat(shell.out())
        .contains("Exit codes: 0 nothing wrong", "docs/doctor.md", "HOST", "KEY");
  }
}
