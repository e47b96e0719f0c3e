package dev.rallypoint.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.protocol.identity.SigningKey;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuditReferencesTest {
  private static final AuditReference REFERENCE =
      new AuditReference(
          -5, "01890000-0000-7000-8000-000000000001", "01890000-0000-7000-8000-000000000002", 7);

  private final AuditReferences references = references(1);

  private static AuditReferences references(int seed) {
    byte[] bytes = new byte[32];
    bytes[0] = (byte) seed;
    return new AuditReferences(SigningKey.ofSeed(bytes), new SecureRandom());
  }

  @Test
  void opensOnAnotherNodeWhatWasSealedOnOne() {
    assertThat(references(1).open(references.seal(REFERENCE))).contains(REFERENCE);
  }

  @Test
  void opensNothingOfAnotherServer() {
    assertThat(references(2).open(references.seal(REFERENCE))).isEmpty();
  }

  @Test
  void sealsEachTimeAnew() {
    assertThat(references.seal(REFERENCE)).isNotEqualTo(references.seal(REFERENCE));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "not base64 !", "AAAA", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})
  void opensNothingThatIsNone(String text) {
    assertThat(references.open(text)).isEmpty();
  }

  @Test
  void hasAFormThatFitsIntoAUrl() {
    String sealed = references.seal(REFERENCE);
    assertThat(sealed).matches("[A-Za-z0-9_-]{100,128}");
    assertThat(HexFormat.of().formatHex(REFERENCE.bytes())).hasSize(98);
  }
}
