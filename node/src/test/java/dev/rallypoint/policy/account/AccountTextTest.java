package dev.rallypoint.policy.account;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccountTextTest {
  @ParameterizedTest
  @CsvSource({
    "Alice, alice",
    "' Bob ', bob",
    "ÄRGER, ärger",
    "ﬁx, fix",
    "ＡＢ, ab",
    "o'%_--, o'%_--"
  })
  void findsANameInWhateverCaseAndForm(String name, String key) {
    assertThat(AccountText.key(name)).isEqualTo(key);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "  ", " alice", "alice ", "al\u0000ice", "al\nice", "\u200b\n"})
  void refusesNamesThatAreEmptyOrNotPlain(String name) {
    assertThat(AccountText.nameFault(name)).isPresent();
  }

  @Test
  void takesANameOf64Characters() {
    assertThat(AccountText.nameFault("a".repeat(64))).isEmpty();
    assertThat(AccountText.nameFault("a".repeat(65))).isPresent();
  }

  @Test
  void takesAPasswordOf8To256Characters() {
    assertThat(AccountText.passwordFault("a".repeat(7))).isPresent();
    assertThat(AccountText.passwordFault("a".repeat(8))).isEmpty();
    assertThat(AccountText.passwordFault("a".repeat(256))).isEmpty();
    assertThat(AccountText.passwordFault("a".repeat(257))).isPresent();
  }

  @ParameterizedTest
  @CsvSource({"alice@example.org, a***@example.org", "a@b, a***@b", "'', ''", "@b, ''", "none, ''"})
  void masksAMailAddress(String email, String masked) {
    assertThat(AccountText.masked(email)).isEqualTo(masked);
  }
}
