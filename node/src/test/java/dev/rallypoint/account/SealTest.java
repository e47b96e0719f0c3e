package dev.rallypoint.account;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rallypoint.protocol.identity.SigningKey;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;

class SealTest {
  private static final Secrets SECRETS = new Secrets(new SecureRandom());
  private static final byte[] SECRET = {1, 2, 3};
  private final Seal seal = new Seal(SigningKey.ofSeed(new byte[32]), SECRETS);

  @Test
  void opensWhatANodeOfTheSamePairHasSealed() {
    Seal other = new Seal(SigningKey.ofSeed(new byte[32]), SECRETS);
    assertThat(other.open(seal.seal(SECRET, "alice"), "alice")).contains(SECRET);
  }

  @Test
  void opensNothingOfAnotherPairOrOwner() {
    String sealed = seal.seal(SECRET, "alice");
    byte[] seed = new byte[32];
    seed[0] = 1;
    assertThat(new Seal(SigningKey.ofSeed(seed), SECRETS).open(sealed, "alice")).isEmpty();
    assertThat(seal.open(sealed, "bob")).isEmpty();
  }

  @Test
  void opensNothingThatIsNoSeal() {
    assertThat(seal.open("", "alice")).isEmpty();
    assertThat(seal.open("1:AAAA", "alice")).isEmpty();
    assertThat(seal.open("2:" + seal.seal(SECRET, "alice").substring(2), "alice")).isEmpty();
  }
}
