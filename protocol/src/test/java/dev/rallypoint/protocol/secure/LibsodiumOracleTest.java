package dev.rallypoint.protocol.secure;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.goterl.lazysodium.LazySodiumJava;
import com.goterl.lazysodium.SodiumJava;
import dev.rallypoint.protocol.identity.PublicKey;
import dev.rallypoint.protocol.identity.SigningKey;
import java.util.Base64;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every primitive against libsodium itself, in both directions, on random keys and messages. */
class LibsodiumOracleTest {
  private static final byte[] ZERO_NONCE = new byte[24];

  private static LazySodiumJava sodium;

  @BeforeAll
  static void loadLibsodium() {
    sodium = new LazySodiumJava(new SodiumJava());
  }

  static LongStream seeds() {
    return LongStream.range(0, 300);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void secretBoxIsLibsodiums(long seed) {
    Random random = new Random(seed);
    byte[] key = bytes(random, 32);
    byte[] nonce = bytes(random, 24);
    byte[] plain = bytes(random, random.nextInt(1, 700));
    byte[] theirs = new byte[16 + plain.length];
    assertThat(sodium.cryptoSecretBoxEasy(theirs, plain, plain.length, nonce, key)).isTrue();

    assertThat(SecretBox.seal(key, nonce, plain)).isEqualTo(theirs);
    assertThat(SecretBox.open(key, nonce, theirs)).hasValue(plain);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void libsodiumOpensOurSecretBox(long seed) {
    Random random = new Random(seed);
    byte[] key = bytes(random, 32);
    byte[] nonce = bytes(random, 24);
    byte[] plain = bytes(random, random.nextInt(1, 700));
    byte[] ours = SecretBox.seal(key, nonce, plain);
    byte[] opened = new byte[plain.length];

    assertThat(sodium.cryptoSecretBoxOpenEasy(opened, ours, ours.length, nonce, key)).isTrue();
    assertThat(opened).isEqualTo(plain);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void curveKeysAreLibsodiums(long seed) {
    byte[] secret = bytes(new Random(seed), 32);
    byte[] theirs = new byte[32];
    assertThat(sodium.cryptoScalarMultBase(theirs, secret)).isTrue();

    assertThat(KeyBox.publicKey(secret)).isEqualTo(theirs);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void boxWithTheZeroNonceIsLibsodiums(long seed) {
    Random random = new Random(seed);
    byte[] ourSecret = bytes(random, 32);
    byte[] theirSecret = bytes(random, 32);
    byte[] plain = bytes(random, random.nextInt(1, 100));
    byte[] theirs = new byte[16 + plain.length];
    assertThat(
            sodium.cryptoBoxEasy(
                theirs, plain, plain.length, ZERO_NONCE, KeyBox.publicKey(ourSecret), theirSecret))
        .isTrue();

    assertThat(KeyBox.seal(plain, KeyBox.publicKey(ourSecret), theirSecret)).hasValue(theirs);
    assertThat(KeyBox.open(theirs, KeyBox.publicKey(theirSecret), ourSecret)).hasValue(plain);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void libsodiumOpensOurBox(long seed) {
    Random random = new Random(seed);
    byte[] ourSecret = bytes(random, 32);
    byte[] theirSecret = bytes(random, 32);
    byte[] plain = bytes(random, random.nextInt(1, 100));
    byte[] ours = KeyBox.seal(plain, KeyBox.publicKey(theirSecret), ourSecret).orElseThrow();
    byte[] opened = new byte[plain.length];

    assertThat(
            sodium.cryptoBoxOpenEasy(
                opened, ours, ours.length, ZERO_NONCE, KeyBox.publicKey(ourSecret), theirSecret))
        .isTrue();
    assertThat(opened).isEqualTo(plain);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void combinedSignatureIsLibsodiums(long seed) {
    Random random = new Random(seed);
    byte[] ed25519Seed = bytes(random, 32);
    byte[] message = bytes(random, random.nextInt(1, 300));
    byte[] publicKey = new byte[32];
    byte[] secretKey = new byte[64];
    byte[] theirs = new byte[64 + message.length];
    assertThat(sodium.cryptoSignSeedKeypair(publicKey, secretKey, ed25519Seed)).isTrue();
    assertThat(sodium.cryptoSign(theirs, message, message.length, secretKey)).isTrue();
    SigningKey ours = SigningKey.ofSeed(ed25519Seed);

    assertThat(ours.secretText()).isEqualTo(Base64.getEncoder().encodeToString(secretKey));
    assertThat(ours.sign(message).toByteArray()).isEqualTo(theirs);
    assertThat(
            new PublicKey(ByteString.copyFrom(publicKey)).openSigned(ByteString.copyFrom(theirs)))
        .hasValueSatisfying(opened -> assertThat(opened).isEqualTo(message));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void libsodiumOpensOurSignatureAndRefusesItFlipped(long seed) {
    Random random = new Random(seed);
    SigningKey ours = SigningKey.generate(random);
    byte[] message = bytes(random, random.nextInt(1, 300));
    byte[] signed = ours.sign(message).toByteArray();
    byte[] publicKey = ours.publicKey().bytes().toByteArray();
    byte[] opened = new byte[message.length];
    byte[] flipped = signed.clone();
    flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));

    assertThat(sodium.cryptoSignOpen(opened, signed, signed.length, publicKey)).isTrue();
    assertThat(opened).isEqualTo(message);
    assertThat(sodium.cryptoSignOpen(opened, flipped, flipped.length, publicKey)).isFalse();
    assertThat(ours.publicKey().openSigned(ByteString.copyFrom(flipped))).isEmpty();
  }

  private static byte[] bytes(Random random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }
}
