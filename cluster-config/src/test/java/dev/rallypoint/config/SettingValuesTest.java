package dev.rallypoint.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingValuesTest {
  @TempDir Path folder;
  private Written written;

  @BeforeEach
  void begin() {
    written = new Written(folder);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          port                  | 2          | write a number from 3 to 65533
          port                  | 99999      | write a number from 3 to 65533
          port                  | many       | write a whole number
          port                  | 21116.5    | write a whole number
          relay-port            | 21114      | the ID server takes 21115, 21116, 21118
          relay-port            | -1         | write a number from 1 to 65533
          relay-port            | 21116      | the ID server takes 21115, 21116, 21118
          relay-port            | 21115      | the ID server takes 21115, 21116, 21118
          rmem                  | 99999999999 | write a whole number
          rmem                  | -5         | write a number from 0 to 1073741824
          data                  | ${DATA}    | the variable was not replaced; write its value
          data                  | $DATA/rd   | the variable was not replaced; write its value
          data                  | /srv/${N}  | the variable was not replaced; write its value
          data                  | <folder>   | this is a placeholder; write what it stands for
          data                  | "data      | it has a quote on one side only
          data                  | ~/data     | only a shell replaces the ~; write the home folder itself
          db-url                | /          | this is a folder; name a file in it
          db-url                | /srv/..    | this is a folder; name a file in it
          db-url                | $DB        | the variable was not replaced; write its value
          db-url                | ${DB_URL}  | the variable was not replaced; write its value
          db-url                | <url>      | this is a placeholder; write what it stands for
          db-url                | ~/peers.db | only a shell replaces the ~; write the home folder itself
          always-use-relay      | maybe      | write Y or N
          console               | 2          | write read, Y or N
          relay-splice          | maybe      | write auto, Y or N
          proxy-protocol        | Y          | name the proxies' networks in trusted-proxies
          proxy-protocol        | 21116      | name the proxies' networks in trusted-proxies
          proxy-protocol        | v2         | write Y, N or ports of this node such as 21116,21117
          proxy-protocol        | 21116,id   | write Y, N or ports of this node such as 21116,21117
          tls-certificate       | chain.pem  | set tls-key too, or none
          tls-key               | key.pem    | set tls-certificate too, or none
          https-port            | 443        | set tls-certificate and tls-key, or the proxy that speaks TLS in trusted-proxies
          https-port            | 70000      | write a number from 0 to 65535
          offline-after         | soon       | write a time such as 90s, 5m or 1h
          offline-after         | -5s        | write a time such as 90s, 5m or 1h
          offline-after         | 5 parsecs  | write a time such as 90s, 5m or 1h
          offline-after         | 1s         | write a time from 15s to 3600s
          single-bandwidth      | NaN        | write a number such as 32 or 0.66
          single-bandwidth      | 0          | write a number over 0, up to 1000000
          downgrade-threshold   | -0.5       | write a number such as 32 or 0.66
          relay-loops           | 65         | write a number from 0 to 64
          registrations-per-id  | 0          | write a number from 1 to 1000
          db-url                | sqlite:    | write a file's path such as db_v2.sqlite3
          db-url                | sqlite::memory: | write a file's path such as db_v2.sqlite3
          """)
  void refusesABadValueInOneLine(String name, String value, String advice) {
    assertThatThrownBy(written.ini(name + " = " + value)::load)
        .isInstanceOf(SettingException.class)
        .message()
        .startsWith(name + " = ")
        .endsWith("(from hbbs.ini:1): " + advice)
        .hasLineCount(1);
  }

  @Test
  void namesTheSourceOfTheBadValueAndNotAWeakerOne() {
    written.environment("PORT", "21116").dotEnv("PORT=0");
    assertThatThrownBy(written::load)
        .hasMessage("port = 0 (from .env:1): write a number from 3 to 65533");
  }

  @ParameterizedTest
  @CsvSource({
    "90, 90",
    "90s, 90",
    "5m, 300",
    "'2 minutes', 120",
    "1h, 3600",
    "30000ms, 30",
    "'0030', 30"
  })
  void readsTimes(String text, long seconds) {
    assertThat(written.flag("offline-after", text).node().rendezvous().offlineAfter())
        .isEqualTo(Duration.ofSeconds(seconds));
  }

  @ParameterizedTest
  @CsvSource({
    "Y, true",
    "y, true",
    "yes, true",
    "1, true",
    "TRUE, true",
    "on, true",
    "N, false",
    "no, false",
    "0, false",
    "off, false",
    "False, false"
  })
  void readsYesAndNo(String text, boolean yes) {
    assertThat(written.flag("always-use-relay", text).node().rendezvous().alwaysUseRelay())
        .isEqualTo(yes);
  }

  @ParameterizedTest
  @CsvSource({
    "db_v2.sqlite3, db_v2.sqlite3",
    "./db_v2.sqlite3, db_v2.sqlite3",
    "sqlite:my.db, my.db",
    "sqlite://my.db, my.db",
    "sqlite://./sub/my.db?mode=rwc, sub/my.db",
    "sqlite:///var/lib/x.db, /var/lib/x.db",
    "/var/lib/x.db, /var/lib/x.db",
    "with space.db, with space.db"
  })
  void findsTheSqliteFileFromTheDataFolder(String url, String file) {
    written.flag("data", "sub/data").flag("db-url", url);
    assertThat(written.node().store())
        .isEqualTo(new SqliteSettings(folder.resolve("sub/data").resolve(file)));
  }

  @Test
  void refusesOtherDatabases() {
    assertThatThrownBy(written.flag("db-url", "mysql://root:s3cret@h/x")::load)
        .hasMessage(
            "db-url = mysql:... (from the command line): write a SQLite path such as db_v2.sqlite3, or"
                + " postgresql://user:password@host:5432/database");
  }

  @Test
  void movesTheRelayAlongWithThePort() {
    assertThat(written.flag("port", "30000").node().relay().port()).isEqualTo(30001);
  }

  @Test
  void keepsRelayPortWhenItIsWritten() {
    written.flag("port", "30000").flag("relay-port", "40000");
    assertThat(written.node().relay().port()).isEqualTo(40000);
  }

  @Test
  void believesNoProxyAndSpeaksNoTlsByDefault() {
    assertThat(written.flag("api-port", "0").node().entrance()).isEqualTo(EntranceSettings.PLAIN);
  }

  @ParameterizedTest
  @CsvSource({"Y, true, true", "N, false, false", "'21116, 21119', false, true"})
  void expectsThePROXYHeaderWhereItIsSwitchedOn(String text, boolean onNatTest, boolean onWs) {
    written.flag("trusted-proxies", "10.0.0.0/8, ::1").flag("proxy-protocol", text);
    ProxySettings proxies = written.node().entrance().proxies();
    assertThat(proxies.trusted()).hasSize(2);
    assertThat(proxies.isHeaderExpectedOn(21115)).isEqualTo(onNatTest);
    assertThat(proxies.isHeaderExpectedOn(21119)).isEqualTo(onWs);
  }

  @Test
  void refusesThePROXYHeaderOnAPortThatIsNotTheNodes() {
    written.flag("trusted-proxies", "10.0.0.0/8").flag("proxy-protocol", "21116,443");
    assertThatThrownBy(written::load)
        .hasMessage(
            "proxy-protocol = 443 (from the command line): write TCP ports of this node: "
                + "[21114, 21115, 21116, 21117, 21118, 21119]");
  }

  @Test
  void takesTheHttpsPortAmongThePROXYHeadersPorts() {
    written.flag("trusted-proxies", "10.0.0.0/8").flag("https-port", "443");
    ProxySettings proxies = written.flag("proxy-protocol", "443").node().entrance().proxies();
    assertThat(proxies.isHeaderExpectedOn(443)).isTrue();
  }

  @Test
  void refusesAnHttpsPortThatTheNodeTakesAlready() {
    written.flag("trusted-proxies", "10.0.0.0/8").flag("https-port", "21118");
    assertThatThrownBy(written::load).message().contains("the node takes it for something else");
  }

  @Test
  void findsTheCertificateFromTheDataFolder() {
    written
        .flag("data", "d")
        .flag("tls-certificate", "/etc/tls/chain.pem")
        .flag("tls-key", "k.pem");
    assertThat(written.node().entrance().tls())
        .contains(new TlsSettings(Path.of("/etc/tls/chain.pem"), folder.resolve("d/k.pem")));
  }
}
