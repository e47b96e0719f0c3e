package dev.rallypoint.policy.account;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.policy.account.Scopes.Area;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a program's token is good for. */
class ScopesTest {
  @ParameterizedTest
  @CsvSource({
    "DEVICE, false, true",
    "DEVICE, true, true",
    "USER, false, true",
    "USER, true, false",
    "AUDIT, false, false",
    "DEVICE_GROUP, false, false"
  })
  void allowsWhatItNames(Area area, boolean toWrite, boolean isAllowed) {
    Scopes scopes = Scopes.parse("user:r, device:rw").orElseThrow();
    assertThat(scopes.allows(area, toWrite)).isEqualTo(isAllowed);
  }

  @Test
  void isWrittenInOneOrder() {
    assertThat(Scopes.parse("device-group:r,device:rw").orElseThrow().text())
        .isEqualTo("device:rw,device-group:r");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "device", "device:", "device:w", "device:rwx", "devices:r", "device:rw,", "*"})
  void refusesOtherTexts(String text) {
    assertThat(Scopes.parse(text)).isEmpty();
  }
}
