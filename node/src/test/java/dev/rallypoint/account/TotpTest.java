package dev.rallypoint.account;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TotpTest {
  private static final byte[] SECRET = "12345678901234567890".getBytes(US_ASCII);

  /** RFC 6238, appendix B, the last six of its digits. */
  @ParameterizedTest
  @CsvSource({"59, 287082", "1111111109, 081804", "1111111111, 050471", "20000000000, 353130"})
  void makesTheCodesOfTheRfc(long second, String code) {
    assertThat(Totp.code(SECRET, second / 30)).isEqualTo(code);
  }

  @ParameterizedTest
  @CsvSource({"-60, false", "-30, true", "0, true", "30, true", "60, false"})
  void takesACodeOneStepBeforeAndAfter(long offset, boolean isTaken) {
    long now = 1_111_111_109L;
    assertThat(Totp.step(SECRET, "081804", (now + offset) * 1_000).isPresent()).isEqualTo(isTaken);
  }

  @Test
  void givesAnAppItsSecretInALink() {
    assertThat(Totp.uri(SECRET, "a b&c"))
        .isEqualTo(
            "otpauth://totp/Rallypoint:a%20b%26c?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
                + "&issuer=Rallypoint");
  }
}
