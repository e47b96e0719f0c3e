package dev.rallypoint.protocol.secure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SecretChannelTest {
  private final byte[] key = random(1, 32);
  private final SecretChannel one = new SecretChannel(key);
  private final SecretChannel other = new SecretChannel(key);

  @Test
  void opensInOrderWhatTheOtherSideSealed() throws Exception {
    for (int i = 0; i < 1_000; i++) {
      byte[] plain = random(i, i % 300);
      assertThat(other.open(one.seal(plain))).as("frame %d", i).isEqualTo(plain);
      assertThat(one.open(other.seal(plain))).as("frame %d", i).isEqualTo(plain);
    }
  }

  @Test
  void opensFramesOfAnyLength() throws Exception {
    for (int length : new int[] {1, 15, 16, 17, 31, 32, 33, 63, 64, 65, 65_535, 1 << 20}) {
      byte[] plain = random(length, length);
      byte[] sealed = one.seal(plain);

      assertThat(sealed).hasSize(length + 16);
      assertThat(other.open(sealed)).isEqualTo(plain);
    }
  }

  @Test
  void sealsTheSameWordsDifferentlyEachTime() {
    assertThat(one.seal(random(5, 50))).isNotEqualTo(one.seal(random(5, 50)));
  }

  @Test
  void letsAHeartbeatPassInClearWithoutCounting() throws Exception {
    assertThat(one.seal(new byte[0])).isEmpty();
    assertThat(other.open(new byte[0])).isEmpty();
    assertThat(other.open(new byte[] {7})).containsExactly(7);

    assertThat(other.open(one.seal(random(5, 50)))).isEqualTo(random(5, 50));
  }

  @Test
  void refusesAFrameWithAnyBitFlipped() {
    byte[] sealed = one.seal(random(5, 20));
    for (int bit = 0; bit < sealed.length * 8; bit++) {
      byte[] flipped = sealed.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      assertRefused(new SecretChannel(key), flipped);
    }
  }

  @Test
  void refusesAFrameCutShort() {
    byte[] sealed = one.seal(random(5, 20));
    for (int length = 2; length < sealed.length; length++) {
      assertRefused(new SecretChannel(key), Arrays.copyOf(sealed, length));
    }
  }

  @Test
  void refusesAFrameSentAgain() throws Exception {
    byte[] sealed = one.seal(random(5, 20));
    other.open(sealed);

    assertRefused(other, sealed);
  }

  @Test
  void refusesAFrameOutOfOrder() {
    one.seal(random(5, 20));

    assertRefused(other, one.seal(random(6, 20)));
  }

  @Test
  void refusesAFrameOfAnotherLink() {
    assertRefused(other, new SecretChannel(random(2, 32)).seal(random(5, 20)));
  }

  @Test
  void refusesRandomFrames() {
    for (long seed = 0; seed < 500; seed++) {
      assertRefused(other, random(seed, 2 + (int) seed));
    }
  }

  private static void assertRefused(SecretChannel channel, byte[] frame) {
    assertThatThrownBy(() -> channel.open(frame))
        .isInstanceOf(HandshakeException.class)
        .hasMessage("an encrypted frame is not genuine");
  }

  private static byte[] random(long seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }
}
