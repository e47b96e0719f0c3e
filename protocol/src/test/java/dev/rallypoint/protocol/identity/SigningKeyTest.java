package dev.rallypoint.protocol.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SigningKeyTest {
  private static final byte[] SEED =
      HexFormat.of().parseHex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
  private static final String KEY_TEXT = "A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=";

  private final SigningKey key = SigningKey.ofSeed(SEED);

  @Test
  void hasThePublicKeyThatUsersType() {
    assertThat(key.publicKey().text()).isEqualTo(KEY_TEXT);
  }

  @Test
  void writesItsSecretAsSeedAndPublicKeyInBase64() {
    byte[] secret = Base64.getDecoder().decode(key.secretText());

    assertThat(secret).hasSize(64).startsWith(SEED);
    assertThat(Arrays.copyOfRange(secret, 32, 64)).isEqualTo(Base64.getDecoder().decode(KEY_TEXT));
  }

  /** Computed by HMAC-SHA256 as in RFC 5869; nodes of other versions derive the same. */
  @Test
  void derivesBytesForAnotherPurpose() {
    assertThat(key.derive("cluster tls authority 1"))
        .asHexString()
        .isEqualToIgnoringCase("515a0e4f530ae91975369b0f0587fac4a2ea3bc7a00f6a9315fef8b616b9e7d5");
    assertThat(key.derive("another purpose")).isNotEqualTo(key.derive("cluster tls authority 1"));
  }

  @Test
  void readsItsSecretTextWithTheNewlineOfAFile() {
    assertThat(SigningKey.parse(" " + key.secretText() + "\r\n"))
        .hasValueSatisfying(read -> assertThat(read.publicKey()).isEqualTo(key.publicKey()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-", "not base64 at all", KEY_TEXT, "AAAA"})
  void refusesATextThatIsNoSecret(String text) {
    assertThat(SigningKey.parse(text)).isEmpty();
  }

  @Test
  void refusesASecretWhoseHalvesDoNotBelongTogether() {
    byte[] secret = Base64.getDecoder().decode(key.secretText());
    secret[63] ^= 1;

    assertThat(SigningKey.parse(Base64.getEncoder().encodeToString(secret))).isEmpty();
  }

  @Test
  void drawsItsSeedFromTheSourceGiven() {
    assertThat(SigningKey.generate(new Random(1)).publicKey())
        .isEqualTo(SigningKey.generate(new Random(1)).publicKey())
        .isNotEqualTo(SigningKey.generate(new Random(2)).publicKey());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 31, 33, 64})
  void refusesASeedOfAnotherLength(int length) {
    assertThatThrownBy(() -> SigningKey.ofSeed(new byte[length]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void isNotChangedWithTheSeedItWasMadeOf() {
    byte[] seed = SEED.clone();
    SigningKey made = SigningKey.ofSeed(seed);
    seed[0] ^= 1;

    assertThat(made.secretText()).isEqualTo(key.secretText());
  }

  @Test
  void neverShowsItsSecret() {
    assertThat(key.toString()).doesNotContain(key.secretText().substring(0, 8));
  }

  @Test
  void signsWhatItsPublicKeyOpens() {
    for (long seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      SigningKey signer = SigningKey.generate(random);
      byte[] message = new byte[random.nextInt(200)];
      random.nextBytes(message);

      ByteString signed = signer.sign(message);

      assertThat(signed.size()).as("seed %d", seed).isEqualTo(64 + message.length);
      assertThat(signer.publicKey().openSigned(signed))
          .as("seed %d", seed)
          .hasValueSatisfying(opened -> assertThat(opened).isEqualTo(message));
    }
  }
}
