package dev.rallypoint.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.app.Shell;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartCheckTest {
  @TempDir Path folder;
  private Shell shell;

  @BeforeEach
  void begin() {
    shell = new Shell(folder);
  }

  /** The ports differ from what other tests take. */
  private int check(String... more) {
    String[] flags = {"serve", "--check", "--bind", "127.94.3.7", "--data", "new"};
    String[] all = java.util.Arrays.copyOf(flags, flags.length + more.length);
    System.arraycopy(more, 0, all, flags.length, more.length);
    return shell.run(all);
  }

  @Test
  void findsThatANodeCanStartAndMakesNothing() {
    assertThat(check()).isZero();
    assertThat(shell.out())
        .contains("the first start makes one", "21116/udp", "21117/tcp", "21119/tcp")
        .doesNotContain("FAULT");
    assertThat(folder).isEmptyDirectory();
    assertThat(shell.started).isEmpty();
  }

  @Test
  void namesAPortThatIsTaken() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.94.3.7"))) {
      int relay = taken.getLocalPort();

      assertThat(check("--relay-port", String.valueOf(relay))).isEqualTo(2);
      assertThat(shell.out().lines().filter(line -> line.startsWith("FAULT")))
          .singleElement()
          .asString()
          .contains(relay + "/tcp", "cannot be bound", "choose another");
    }
  }

  @Test
  void namesAManagementPortThatIsTaken() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.94.3.7"))) {
      int management = taken.getLocalPort();

      assertThat(check("--set", "management-port=" + management)).isEqualTo(2);
      assertThat(shell.out()).contains("FAULT " + management + "/tcp");
    }
  }

  @Test
  void namesAFileThatIsNoDatabase() throws Exception {
    Files.writeString(
        folder.resolve("db"), "no database at all, but long enough to be read as one");

    assertThat(check("--set", "db-url=" + folder.resolve("db"))).isEqualTo(2);
    assertThat(shell.out()).contains("FAULT database");
  }

  @Test
  void namesASettingThatIsWrongAsAStartDoes() {
    assertThat(check("--port", "x")).isEqualTo(2);
    assertThat(shell.err()).contains("port = x (from the command line): write a whole number");
  }
}
