package dev.rallypoint.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rallypoint.config.PostgresSettings;
import dev.rallypoint.config.SettingException;
import dev.rallypoint.testing.TestPostgres;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGProperty;

class LibpqParametersTest {

  private static Map<PGProperty, String> of(String parameters) {
    return LibpqParameters.of(TestPostgres.settings("postgresql://me@one,two/x?" + parameters));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "connect_timeout=5&application_name=mine&channel_binding=prefer",
        "sslmode=prefer&target_session_attrs=read-write&keepalives=1",
        "options=-c%20geqo%3Doff&fallback_application_name=other",
        "load_balance_hosts=disable&require_auth=scram-sha-256"
      })
  void openARealDatabaseInLibpqsNames(String parameters) {
    SharedDatabase.open(TestPostgres.settings(TestPostgres.database() + "?" + parameters)).close();
  }

  @Test
  void openARealDatabaseByLibpqsKeywords() {
    PostgresSettings url = TestPostgres.settings(TestPostgres.database());
    String keywords =
        "host=127.0.0.1 port=%d user=%s password='%s' dbname=%s connect_timeout=5 application_name=mine"
            .formatted(url.servers().getFirst().port(), url.user(), url.password(), url.database());
    try (SharedDatabase database = SharedDatabase.open(TestPostgres.settings(keywords))) {
      String name =
          database
              .jdbi()
              .<String, RuntimeException>withHandle(handle ->
                  handle
                      .createQuery("select current_setting('application_name')")
                      .mapTo(String.class)
                      .one());
      assertThat(name).isEqualTo("mine");
    }
  }

  @Test
  void areTheDriversWithTheirValues() {
    assertThat(
            of("connect_timeout=5&keepalives=0&target_session_attrs=any&load_balance_hosts=random"))
        .isEqualTo(
            Map.of(
                PGProperty.CONNECT_TIMEOUT, "5",
                PGProperty.LOGIN_TIMEOUT, "10",
                PGProperty.TCP_KEEP_ALIVE, "false",
                PGProperty.TARGET_SERVER_TYPE, "any",
                PGProperty.LOAD_BALANCE_HOSTS, "true"));
    assertThat(of("connect_timeout=5&loginTimeout=60"))
        .containsEntry(PGProperty.LOGIN_TIMEOUT, "60");
    assertThat(of("connect_timeout=-1"))
        .containsEntry(PGProperty.CONNECT_TIMEOUT, "0")
        .containsEntry(PGProperty.LOGIN_TIMEOUT, "0");
    assertThat(of("sslrootcert=system&sslmode=verify-full"))
        .containsEntry(PGProperty.SSL_FACTORY, "org.postgresql.ssl.DefaultJavaSSLFactory")
        .doesNotContainKey(PGProperty.SSL_ROOT_CERT);
    assertThat(of("sslrootcert=ca.pem&sockettimeout=9"))
        .isEqualTo(Map.of(PGProperty.SSL_ROOT_CERT, "ca.pem", PGProperty.SOCKET_TIMEOUT, "9"));
    assertThat(of("application_name=a&fallback_application_name=b"))
        .isEqualTo(Map.of(PGProperty.APPLICATION_NAME, "a"));
  }

  @ParameterizedTest
  @CsvSource({
    "pgbouncer=true, write prepareThreshold=0",
    "tcp_user_timeout=1, 'write socketTimeout, in seconds'",
    "passfile=/x, PGPASSFILE",
    "schema=public, write currentSchema",
    "connection_limit=1, leave it out",
    "wholly-unheard=1, leave it out",
    "target_session_attrs=standby, write primary"
  })
  void thatHaveNoTwinAreNamedWithWhatToWrite(String parameter, String mend) {
    assertThatThrownBy(() -> of(parameter))
        .isInstanceOf(SettingException.class)
        .message()
        .startsWith("db-url = postgresql://me@one:5432,two:5432/x: ")
        .contains(parameter.replaceFirst("=.*", ""), mend)
        .hasLineCount(1);
  }
}
