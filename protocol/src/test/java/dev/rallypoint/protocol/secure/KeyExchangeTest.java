package dev.rallypoint.protocol.secure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.rallypoint.protocol.identity.SigningKey;
import dev.rallypoint.protocol.proto.KeyExchange;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyExchangeTest {
  private final SigningKey server = SigningKey.generate(new Random(1));
  private final ServerKeyExchange serverSide = ServerKeyExchange.create(server, new Random(2));
  private final KeyExchange offer = serverSide.offer().getKeyExchange();

  @Test
  void agreesOnOneChannelWhateverTheKeys() throws Exception {
    for (long seed = 0; seed < 100; seed++) {
      Random random = new Random(seed);
      SigningKey key = SigningKey.generate(random);
      ServerKeyExchange one = ServerKeyExchange.create(key, random);
      ClientKeyExchange other =
          ClientKeyExchange.answer(key.publicKey(), one.offer().getKeyExchange(), random);
      SecretChannel channel = one.accept(other.answer().getKeyExchange());
      byte[] message = new byte[random.nextInt(1, 500)];
      random.nextBytes(message);

      assertThat(channel.open(other.channel().seal(message)))
          .as("seed %d", seed)
          .isEqualTo(message);
      assertThat(other.channel().open(channel.seal(message)))
          .as("seed %d", seed)
          .isEqualTo(message);
    }
  }

  @Test
  void serverRefusesAnAnswerThatWasSentBefore() throws Exception {
    KeyExchange answer = clientAnswer();
    serverSide.accept(answer);

    assertRefused(answer);
  }

  @Test
  void serverRefusesAnAnswerThatDiffersOnlyInTheBitThatDoesNotCount() throws Exception {
    KeyExchange answer = clientAnswer();
    serverSide.accept(answer);
    byte[] key = answer.getKeys(0).toByteArray();
    key[31] ^= (byte) 0x80; // X25519 ignores the last bit

    assertRefused(keys(key, answer.getKeys(1).toByteArray()));
  }

  @Test
  void givesConnectionsOfOneExchangeChannelsOfTheirOwn() throws Exception {
    for (int seed = 0; seed < 3; seed++) {
      ClientKeyExchange client =
          ClientKeyExchange.answer(server.publicKey(), offer, new Random(seed));
      SecretChannel channel = serverSide.accept(client.answer().getKeyExchange());

      assertThat(channel.open(client.channel().seal(new byte[] {1}))).containsExactly(1);
    }
  }

  @Test
  void takesNoMoreConnectionsThanItCanRemember() throws Exception {
    int accepted = 0;
    for (; serverSide.isOpen() && accepted < 2_000; accepted++) {
      serverSide.accept(
          ClientKeyExchange.answer(server.publicKey(), offer, new Random(accepted))
              .answer()
              .getKeyExchange());
    }

    assertThat(accepted).isEqualTo(1_000);
  }

  @Test
  void drawsANewKeyForEachExchange() {
    Random random = new Random(3);

    assertThat(ServerKeyExchange.create(server, random).offer())
        .isNotEqualTo(ServerKeyExchange.create(server, random).offer());
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "31, 48", "33, 48", "32, 47", "32, 49", "32, 0", "0, 48", "48, 32"})
  void serverRefusesKeysOfOtherLengths(int key, int box) {
    assertRefused(keys(new byte[key], new byte[box]));
  }

  @Test
  void serverRefusesAnotherNumberOfKeys() throws Exception {
    KeyExchange genuine = clientAnswer();

    assertRefused(keys());
    assertRefused(KeyExchange.newBuilder().addKeys(genuine.getKeys(0)).build());
    assertRefused(genuine.toBuilder().addKeys(genuine.getKeys(1)).build());
  }

  @Test
  void serverRefusesABoxWithAnyBitFlipped() throws Exception {
    KeyExchange answer = clientAnswer();
    byte[] box = answer.getKeys(1).toByteArray();
    for (int bit = 0; bit < box.length * 8; bit++) {
      byte[] flipped = box.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      assertRefused(keys(answer.getKeys(0).toByteArray(), flipped));
    }
  }

  @Test
  void serverRefusesAClientKeyWithAnyBitThatCountsFlipped() throws Exception {
    KeyExchange answer = clientAnswer();
    byte[] key = answer.getKeys(0).toByteArray();
    for (int bit = 0; bit < 255; bit++) { // X25519 ignores the last bit
      byte[] flipped = key.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      assertRefused(keys(flipped, answer.getKeys(1).toByteArray()));
    }
  }

  @Test
  void serverRefusesABoxMadeForAnotherConnection() throws Exception {
    ServerKeyExchange other = ServerKeyExchange.create(server, new Random(9));

    assertThatThrownBy(() -> other.accept(clientAnswer())).isInstanceOf(HandshakeException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800",
        "5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157",
      })
  void serverRefusesAKeyOfLowOrderWhoseSecretAllWouldKnow(String key) {
    // The box that anybody can make for such a key: the shared secret is all zeros.
    byte[] box = new byte[48];

    assertThat(KeyBox.seal(new byte[32], HexFormat.of().parseHex(key), new byte[32])).isEmpty();
    assertRefused(keys(HexFormat.of().parseHex(key), box));
  }

  @Test
  void serverNeverThrowsAnythingElseForRandomKeys() {
    for (long seed = 0; seed < 500; seed++) {
      Random random = new Random(seed);
      byte[] key = new byte[32];
      byte[] box = new byte[48];
      random.nextBytes(key);
      random.nextBytes(box);
      assertRefused(keys(key, box));
    }
  }

  @Test
  void clientRefusesAnOfferWithAnyBitFlipped() {
    byte[] signed = offer.getKeys(0).toByteArray();
    for (int bit = 0; bit < signed.length * 8; bit++) {
      byte[] flipped = signed.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      assertOfferRefused(server, keys(flipped));
    }
  }

  @Test
  void clientRefusesTheOfferOfAnotherServer() {
    assertOfferRefused(SigningKey.generate(new Random(5)), offer);
  }

  @Test
  void clientRefusesAnotherNumberOfKeys() {
    assertOfferRefused(server, keys());
    assertOfferRefused(server, offer.toBuilder().addKeys(offer.getKeys(0)).build());
  }

  @Test
  void clientRefusesASignedKeyOfAnotherLength() {
    assertOfferRefused(server, KeyExchange.newBuilder().addKeys(server.sign(new byte[31])).build());
  }

  @Test
  void clientRefusesASignedKeyOfLowOrder() {
    assertOfferRefused(server, KeyExchange.newBuilder().addKeys(server.sign(new byte[32])).build());
  }

  private KeyExchange clientAnswer() throws HandshakeException {
    return ClientKeyExchange.answer(server.publicKey(), offer, new Random(4))
        .answer()
        .getKeyExchange();
  }

  private void assertRefused(KeyExchange answer) {
    assertThatThrownBy(() -> serverSide.accept(answer))
        .as("%s", answer)
        .isInstanceOf(HandshakeException.class);
  }

  private static void assertOfferRefused(SigningKey expected, KeyExchange offer) {
    assertThatThrownBy(() -> ClientKeyExchange.answer(expected.publicKey(), offer, new Random(6)))
        .isInstanceOf(HandshakeException.class);
  }

  private static KeyExchange keys(byte[]... keys) {
    KeyExchange.Builder exchange = KeyExchange.newBuilder();
    for (byte[] key : keys) {
      exchange.addKeys(ByteString.copyFrom(key));
    }
    return exchange.build();
  }
}
