package dev.rallypoint.protocol.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PeerIdTest {

  @ParameterizedTest
  @ValueSource(strings = {"1", "123456789", "my-laptop_1", "büro-pc", "(:test_hbbs:)"})
  void takesWhatClientsSend(String text) {
    assertThat(PeerId.parse(text)).contains(new PeerId(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a\nb", "a\u0000b", "\u007f", "\u0085"})
  void refusesAnEmptyTextAndControlCharacters(String text) {
    assertThat(PeerId.parse(text)).isEmpty();
    assertThatThrownBy(() -> new PeerId(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void isBoundedInLength() {
    assertThat(PeerId.parse("a".repeat(PeerId.MAX_LENGTH))).isPresent();
    assertThat(PeerId.parse("a".repeat(PeerId.MAX_LENGTH + 1))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"12345, false", "123456, true", "123456789, true"})
  void isRegisteredFromSixCharactersOn(String text, boolean registrable) {
    assertThat(new PeerId(text).isRegistrable()).isEqualTo(registrable);
  }

  @Test
  void isComparedExactly() {
    assertThat(new PeerId("Laptop")).isNotEqualTo(new PeerId("laptop"));
  }

  @ParameterizedTest
  @CsvSource({"0, false", "1, true", "32, true", "256, true", "257, false"})
  void takesADeviceUuidOfBoundedLength(int length, boolean valid) {
    assertThat(DeviceUuid.isValid(ByteString.copyFrom(new byte[length]))).isEqualTo(valid);
  }

  @Test
  void neverShowsADeviceUuid() {
    assertThat(new DeviceUuid(ByteString.copyFromUtf8("machine-id")))
        .hasToString("DeviceUuid[10 bytes]");
  }
}
