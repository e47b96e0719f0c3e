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
        "Server=db;Password=s3cret",
        "db_v2.sqlite3?password=s3cret",
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

  @ParameterizedTest
  @ValueSource(
      strings = {
        "host=db.example port=6432 user=me password=s3cret dbname=rallypoint sslmode=require",
        " user = me  host = 'db.example' password='s3cret' dbname=rallypoint port=6432 sslmode=require ",
        "\"host=db.example port=6432 user=me password=s3cret dbname=rallypoint sslmode=require\"",
        "user=me dbname=rallypoint hostaddr=db.example port=6432 sslmode='require' password=s3cret"
      })
  void readsLibpqsKeywordsAndValues(String text) {
    assertThat(read(text))
        .isEqualTo(
            new PostgresSettings(
                List.of(new Server("db.example", 6432)),
                "rallypoint",
                "me",
                "s3cret",
                Map.of("sslmode", "require")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "'with blank' | with blank",
        "'it\\'s' | it's",
        "a\\ b\\\\ | a b\\",
        "'' | ~~",
        "a=b | a=b"
      })
  void readsLibpqsQuotedValues(String given, String password) {
    assertThat(read("host=db user=me password=" + given + " dbname=x").password())
        .isEqualTo(password);
  }

  @Test
  void takesSeveralServersOfLibpq() {
    assertThat(read("host=one,two port=1,2 user=me dbname=x").servers())
        .containsExactly(new Server("one", 1), new Server("two", 2));
    assertThat(read("host=one,::1 user=me dbname=x").servers())
        .containsExactly(new Server("one", 5432), new Server("[::1]", 5432));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "host=db user=me password=s3cret",
        "host=db dbname=x password=s3cret",
        "user=me dbname=x password=s3cret",
        "host=db user=me dbname=x password='s3cret",
        "host=db user=me dbname=x password=s3cret rest",
        "host=/var/run/postgresql user=me dbname=x password=s3cret",
        "host=a,b,c port=1,2 user=me dbname=x password=s3cret",
        "host=db port=0 user=me dbname=x password=s3cret",
        "password=s3cret"
      })
  void refusesDamagedKeywordsWithoutShowingThePassword(String text) {
    assertThatThrownBy(written.environment("DB_URL", text)::load)
        .isInstanceOf(SettingException.class)
        .message()
        .startsWith("db-url = ... (from the environment): ")
        .doesNotContain("s3cret")
        .hasLineCount(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "postgresql://me:s3cret@192.0.2.300/x",
        "postgresql://me:s3cret@${DB_HOST}/x",
        "postgresql://me:s3cret@fe80::1%25eth0/x",
        "postgresql://me:s3cret@%2Fvar%2Frun/x"
      })
  void refusesAServerThatIsNoHost(String url) {
    assertThatThrownBy(written.environment("DB_URL", url)::load)
        .message()
        .contains("after the @ write host or host:port")
        .doesNotContain("s3cret");
  }
}
