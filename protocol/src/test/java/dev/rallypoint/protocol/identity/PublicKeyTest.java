package dev.rallypoint.protocol.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PublicKeyTest {
  private static final String TEXT = "OeVuKk5nlHiXp+APNn0Y3pC1Iwpwn44JGqrQCsWqmBw=";

  @Test
  void isReadFromItsText() {
    assertThat(PublicKey.parse(TEXT + "\n"))
        .hasValueSatisfying(key -> assertThat(key.text()).isEqualTo(TEXT));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "key", "AAAA", "OeVuKk5nlHiXp_APNn0Y3pC1Iwpwn44JGqrQCsWqmBw="})
  void refusesATextThatIsNoKey(String text) {
    assertThat(PublicKey.parse(text)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 31, 33})
  void refusesAnotherLength(int length) {
    ByteString bytes = ByteString.copyFrom(new byte[length]);

    assertThatThrownBy(() -> new PublicKey(bytes)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void showsOnlyItsBeginningWhereItIsLogged() {
    assertThat(PublicKey.parse(TEXT).orElseThrow()).hasToString("PublicKey[OeVuKk5n...]");
  }

  @Test
  void refusesASignatureWithAnyBitFlipped() {
    SigningKey signer = SigningKey.generate(new Random(7));
    byte[] signed = signer.sign(new byte[] {1, 2, 3}).toByteArray();
    for (int bit = 0; bit < signed.length * 8; bit++) {
      byte[] flipped = signed.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);

      assertThat(signer.publicKey().openSigned(ByteString.copyFrom(flipped)))
          .as("bit %d", bit)
          .isEmpty();
    }
  }

  @Test
  void refusesASignatureOfAnotherKey() {
    ByteString signed = SigningKey.generate(new Random(1)).sign(new byte[] {1});

    assertThat(SigningKey.generate(new Random(2)).publicKey().openSigned(signed)).isEmpty();
  }

  @Test
  void opensNothingOutOfRandomBytesOfAnyLength() {
    PublicKey key = SigningKey.generate(new Random(3)).publicKey();
    for (int length = 0; length < 200; length++) {
      byte[] bytes = new byte[length];
      new Random(length).nextBytes(bytes);

      assertThat(key.openSigned(ByteString.copyFrom(bytes))).as("length %d", length).isEmpty();
    }
  }

  @Test
  void opensNothingWithBytesThatAreNoPointOfTheCurve() {
    ByteString signed = SigningKey.generate(new Random(1)).sign(new byte[] {1});
    for (long seed = 0; seed < 200; seed++) {
      byte[] bytes = new byte[PublicKey.LENGTH];
      new Random(seed).nextBytes(bytes);

      assertThat(new PublicKey(ByteString.copyFrom(bytes)).openSigned(signed))
          .as("seed %d", seed)
          .isEmpty();
    }
  }
}
