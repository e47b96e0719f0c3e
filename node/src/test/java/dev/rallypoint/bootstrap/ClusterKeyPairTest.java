package dev.rallypoint.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.rallypoint.config.SettingException;
import dev.rallypoint.protocol.identity.SigningKey;
import dev.rallypoint.store.SharedDatabase;
import dev.rallypoint.testing.TestPostgres;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ClusterKeyPairTest {
  private final SigningKey pair = SigningKey.generate(new Random(7));
  private final SharedDatabase database =
      SharedDatabase.open(TestPostgres.settings(TestPostgres.database()));

  @AfterEach
  void end() {
    database.close();
  }

  private void change(String sql) {
    database.jdbi().useHandle(handle -> handle.execute(sql));
  }

  private void assertShowsNoSecret(Throwable failure) {
    StringWriter trace = new StringWriter();
    failure.printStackTrace(new PrintWriter(trace));
    byte[] secret = Base64.getDecoder().decode(pair.secretText());
    String hex = HexFormat.of().formatHex(secret);
    assertThat(trace.toString())
        .doesNotContain(
            pair.secretText(),
            Base64.getUrlEncoder().withoutPadding().encodeToString(secret),
            hex,
            hex.toUpperCase(Locale.ROOT));
  }

  @Test
  void isNotShownWhenTheDatabaseDoesNotTakeIt() {
    change("alter table cluster_key add check (secret = '')");
    Throwable failure = catchThrowable(() -> new ClusterKeyPair(database, "a").putIfAbsent(pair));
    assertThat(failure)
        .isInstanceOf(SettingException.class)
        .hasMessageStartingWith("db-url = ")
        .hasMessageContaining("cluster_key")
        .message()
        .hasLineCount(1);
    assertShowsNoSecret(failure);
  }

  @Test
  void isNotShownByAnyStatementThatFailsWithIt() {
    Throwable failure =
        catchThrowable(() ->
            database
                .jdbi()
                .useHandle(handle ->
                    handle
                        .createUpdate("insert into nowhere values (:secret)")
                        .bind("secret", pair.secretText())
                        .execute()));
    assertThat(failure).hasMessageContaining("nowhere");
    assertShowsNoSecret(failure);
  }

  @Test
  void isRefusedInOneLineWhenItIsDamaged() {
    change("insert into cluster_key values ('a', 'damaged')");
    assertThatThrownBy(() -> new ClusterKeyPair(database, "a").find())
        .isInstanceOf(SettingException.class)
        .hasMessageStartingWith("cluster_key = ...: the key pair of the cluster a")
        .hasMessageNotContaining("'damaged'");
  }
}
