package dev.rallypoint.app.keys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.app.Shell;
import dev.rallypoint.protocol.identity.SigningKey;
import dev.rallypoint.testing.TestPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes of one cluster sign with one pair. */
class DatabaseKeyPairsTest {
  @TempDir Path folder;
  private Shell first;
  private Shell second;

  @BeforeEach
  void begin() throws Exception {
    String url = TestPostgres.database();
    first = new Shell(Files.createDirectory(folder.resolve("first")));
    second = new Shell(Files.createDirectory(folder.resolve("second")));
    first.environment.put("DB_URL", url);
    second.environment.put("DB_URL", url);
  }

  private static String ready(Shell shell) {
    return shell.out().lines().filter(line -> line.startsWith("ready")).findFirst().orElse("");
  }

  @Test
  void takeThePairOfTheFirstOneAndWriteNoFile() {
    assertThat(first.run("serve")).isZero();
    assertThat(second.run("serve")).isZero();
    assertThat(ready(second)).startsWith("ready key=").isEqualTo(ready(first));
    assertThat(second.folder.resolve("id_ed25519")).doesNotExist();
  }

  @Test
  void takeThePairInTheFirstOnesFolder() {
    String text = KeyFiles.in(first.folder).loadOrCreate().publicKey().text();
    assertThat(first.run("serve")).isZero();
    assertThat(second.run("serve")).isZero();
    assertThat(ready(second)).isEqualTo("ready key=" + text);
  }

  @Test
  void refuseANodeWithAnotherPairInItsFolderAndNameBoth() {
    assertThat(first.run("serve")).isZero();
    String other = KeyFiles.in(second.folder).loadOrCreate().publicKey().text();
    assertThat(second.run("serve")).isEqualTo(2);
    assertThat(second.err())
        .hasLineCount(1)
        .contains("id_ed25519 = the pair of " + other)
        .contains("the cluster serves with the pair of " + ready(first).substring(10));
  }

  @Test
  void refuseANodeWithAnotherPairInItsSettingWithoutShowingTheSecret() {
    SigningKey other = SigningKey.generate(new Random(3));
    assertThat(first.run("serve")).isZero();
    assertThat(second.run("serve", "-k", other.secretText())).isEqualTo(2);
    assertThat(second.err())
        .contains("key = the pair of " + other.publicKey().text())
        .doesNotContain(other.secretText());
  }

  @Test
  void refuseANodeWithAnotherClustersName() {
    second.environment.put("RALLYPOINT_CLUSTER_NAME", "ralypoint");
    assertThat(first.run("serve")).isZero();
    assertThat(second.run("serve")).isEqualTo(2);
    assertThat(second.err())
        .hasLineCount(1)
        .contains("cluster-name = ralypoint")
        .contains(
            ": this database is that of the cluster rallypoint; write that name, or give this one"
                + " a database of its own");
    assertThat(ready(second)).isEmpty();
  }
}
