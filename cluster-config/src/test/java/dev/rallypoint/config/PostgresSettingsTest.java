package dev.rallypoint.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rallypoint.config.PostgresSettings.Server;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresSettingsTest {
  @TempDir Path folder;
  private Written written;

  @BeforeEach
  void begin() {
    written = new Written(folder);
  }

  private PostgresSettings read(String url) {
    return (PostgresSettings) written.environment("DB_URL", url).node().store();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "postgresql://me:s3cret@db.example:6432/rallypoint?sslmode=require",
        "postgres://me:s3cret@db.example:6432/rallypoint?sslmode=require"
      })
  void readsAllParts(String url) {
    assertThat(read(url))
        .isEqualTo(
            new PostgresSettings(
                List.of(new Server("db.example", 6432)),
                "rallypoint",
                "me",
                "s3cret",
                Map.of("sslmode", "require")));
  }

  @ParameterizedTest
  @CsvSource({
    "p%40ss%2Fword%25, p@ss/word%",
    "a+b, a+b",
    "with:colon, with:colon",
    "b@d, b@d",
    "h%C3%B6chst, höchst"
  })
  void decodesThePassword(String given, String password) {
    assertThat(read("postgresql://me:" + given + "@db/x").password()).isEqualTo(password);
  }

  @Test
  void takesTheUsualPortWhereNoneIsWritten() {
    assertThat(read("postgresql://me:pw@[2001:db8::1]/x").servers())
        .containsExactly(new Server("[2001:db8::1]", 5432));
  }

  @Test
  void takesSeveralServers() {
    assertThat(read("postgresql://me:pw@one:1,two/x").servers())
        .containsExactly(new Server("one", 1), new Server("two", 5432));
  }

  @Test
  void needsNoPasswordWhereTheServerAsksForNone() {
    assertThat(read("postgresql://me@db/x").password()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "postgresql://db.example/x",
        "postgresql://me:s3cret/s3cret@db/x",
        "postgresql://me:s3cret@db",
        "postgresql://me:s3cret@db/",
        "postgresql://me:s3cret@db/x/y",
        "postgresql://:s3cret@db/x",
        "postgresql://me:s3cret@/x",
        "postgresql://me:s3cret@db:0/x",
        "postgresql://me:s3cret@db:65536/x",
        "postgresql://me:s3cret@2001:db8::1/x",
        "postgresql://me:s3cret%@db/x",
        "postgresql://me@db/x?password=s3cret",
        "postgresql:me:s3cret@db/x"
      })
  void refusesOtherFormsWithoutShowingThePassword(String url) {
    assertThatThrownBy(written.environment("DB_URL", url)::load)
        .isInstanceOf(SettingException.class)
        .message()
        .startsWith("db-url = postgresql://... (from the environment): ")
        .doesNotContain("s3cret")
        .hasLineCount(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"postgresql://me:s3cret@db.example:6432/x\"",
        "'postgresql://me:s3cret@db.example:6432/x'",
      })
  void takesQuotesOffThatDockerHandsOn(String url) {
    assertThat(read(url)).hasToString("postgresql://me@db.example:6432/x");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "postgresql//me:s3cret@db/x",
        "//me:s3cret@db/x",
        "\"postgresql://me:s3cret@db/x",
        "'postgresql://me:s3cret@db/x\"",
        "s3cret@db/x",
        " //me:s3cret@db/x",
        "1postgresql://me:s3cret@db/x"
      })
  void takesNoUrlWithASlipForAFile(String url) {
    assertThatThrownBy(written.environment("DB_URL", url)::load)
        .isInstanceOf(SettingException.class)
        .message()
        .startsWith("db-url = ... (from the environment): ")
        .contains(PostgresSettings.FORM)
        .doesNotContain("s3cret")
        .hasLineCount(1);
  }

  @ParameterizedTest
  @CsvSource({
    "./me@home.sqlite3, me@home.sqlite3",
    "./lists//peers.sqlite3, lists/peers.sqlite3",
    "'\"peers.sqlite3\"', peers.sqlite3"
  })
  void takesAPathForAFile(String path, String file) {
    assertThat(written.environment("DB_URL", path).node().store())
        .isEqualTo(new SqliteSettings(folder.resolve(file)));
  }

  @Test
  void takesAPathFromTheRootForAFileWhateverIsInIt() {
    assertThat(written.environment("DB_URL", "/home/me@corp.example//x").node().store())
        .isEqualTo(new SqliteSettings(Path.of("/home/me@corp.example/x")));
  }

  @Test
  void showsNoPassword() {
    assertThat(read("postgresql://me:s3cret@db/x?sslpassword=s3cret"))
        .hasToString("postgresql://me@db:5432/x");
  }
}
