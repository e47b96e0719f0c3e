package dev.rallypoint.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rallypoint.config.NewIdLimits.Enrolment;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which devices may register under new ids. */
class EnrolmentTest {
  @TempDir Path folder;
  private Written written;

  @BeforeEach
  void inAFolder() {
    written = new Written(folder);
  }

  private Enrolment enrolment() {
    return written.node().rendezvous().registration().newIds().enrolment();
  }

  @Test
  void isOpenByDefault() {
    assertThat(enrolment()).isEqualTo(Enrolment.OPEN);
  }

  @ParameterizedTest
  @CsvSource({"open, OPEN", "Approve, APPROVE", "deploy, DEPLOY"})
  void isWritten(String text, Enrolment enrolment) {
    written.flag("enrolment", text);
    assertThat(enrolment()).isEqualTo(enrolment);
  }

  @ParameterizedTest
  @CsvSource({
    "closed, api-port, auto, 'write open, approve or deploy'",
    "approve, api-port, 0, only a node with the role api and an api-port knows the devices",
    "deploy, roles, 'rendezvous,relay', only a node with the role api and an api-port"
  })
  void isRefused(String text, String setting, String value, String message) {
    written.flag("enrolment", text).flag(setting, value);
    assertThatThrownBy(written::load)
        .isInstanceOf(SettingException.class)
        .message()
        .contains(message);
  }

  @Test
  void isTakenOfANodeWhoseDatabaseOtherNodesAdminister() {
    written
        .flag("enrolment", "approve")
        .flag("roles", "rendezvous")
        .flag("db-url", "postgresql://user:secret@db:5432/rallypoint");
    assertThat(written.node().keepsAccounts()).isTrue();
    assertThat(enrolment()).isEqualTo(Enrolment.APPROVE);
  }
}
