package dev.rallypoint.protocol.identity;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which ids are two numbers, and which id two numbers are. */
class ShortIdTest {
  @ParameterizedTest
  @ValueSource(
      strings = {"1", "12345678", "123456789", "my-office-pc.1", "1234567890123456", "~ ~"})
  void isTheSameIdAgain(String text) {
    PeerId id = new PeerId(text);

    assertThat(ShortId.has(id)).isTrue();
    assertThat(ShortId.of(ShortId.high(id), ShortId.low(id))).isEqualTo(id);
  }

  @ParameterizedTest
  @ValueSource(strings = {"12345678901234567", "büro-pc", "オフィス"})
  void isNoLongIdAndNoneInOtherScripts(String text) {
    assertThat(ShortId.has(new PeerId(text))).isFalse();
  }

  @Test
  void tellsAnIdFromTheBeginningOfAnother() {
    PeerId id = new PeerId("123456789");

    assertThat(ShortId.low(id)).isNotEqualTo(ShortId.low(new PeerId("1234567890")));
    assertThat(ShortId.high(id)).isEqualTo(ShortId.high(new PeerId("12345678")));
  }
}
