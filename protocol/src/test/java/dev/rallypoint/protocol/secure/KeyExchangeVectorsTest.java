package dev.rallypoint.protocol.secure;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.MessageLite;
import dev.rallypoint.protocol.frame.FrameEncoder;
import dev.rallypoint.protocol.identity.SigningKey;
import dev.rallypoint.protocol.proto.KeyExchange;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** The handshake with fixed keys, byte for byte as libsodium makes it. */
class KeyExchangeVectorsTest {
  private static final String STEP_1 =
      "ca01620a60"
          + "e7917a5705c8118d82c19c590bf47a76743b38a4bd972cdf6983a72412084f2a"
          + "40d07e5b2ff6fe2bdfa8119e15820dae9c5765e9800d651459bf0459be525e00"
          + "7b4e909bbe7ffe44c465a220037d608ee35897d31ef972f07f74892cb0f73f13";
  private static final String STEP_2 =
      "ca01540a20"
          + "0faa684ed28867b97f4a6a2dee5df8ce974e76b7018e3f22a1c4cf2678570f20"
          + "0a30"
          + "7e23d90f0c455a0e3e633d6e800f8e6b4717555154619a58b13291dcb98cafaa"
          + "18a9cc1a883aab54386e39de02b2a5b7";
  private static final String HC = "d201050a03616263";
  private static final String[] HC_SEALED = {
    "b12cc5b09ed3137c76ea4b11a4c95cf8f7f31c8510689cfa",
    "55ce114cd43b55847ffba01fae6a63220b36dda9798337e3"
  };

  private final SigningKey server =
      SigningKey.ofSeed(bytes("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"));
  private final ServerKeyExchange serverSide =
      ServerKeyExchange.create(server, FixedBytes.keysOf(0x11));

  @Test
  void serverOffersItsSignedKeyFirst() {
    assertThat(hex(serverSide.offer())).isEqualTo(STEP_1);
  }

  @Test
  void offerGoesOutInAFrameWithATwoByteHeader() {
    assertThat(FrameEncoder.encode(serverSide.offer().toByteArray()))
        .isEqualTo(bytes("9501" + STEP_1));
  }

  @Test
  void clientAnswersWithItsKeyAndTheBoxedSecret() throws Exception {
    assertThat(hex(clientSide().answer())).isEqualTo(STEP_2);
  }

  @Test
  void clientSealsItsFirstFramesWithCountersOneAndTwo() throws Exception {
    SecretChannel client = clientSide().channel();

    byte[] first = client.seal(bytes(HC));
    byte[] second = client.seal(bytes(HC));

    assertThat(first).isEqualTo(bytes(HC_SEALED[0]));
    assertThat(second).isEqualTo(bytes(HC_SEALED[1]));
    assertThat(FrameEncoder.encode(first)).isEqualTo(bytes("60" + HC_SEALED[0]));
  }

  @Test
  void serverOpensWhatTheClientOfTheVectorsSent() throws Exception {
    SecretChannel channel = serverSide.accept(keyExchange(STEP_2));

    assertThat(channel.open(bytes(HC_SEALED[0]))).isEqualTo(bytes(HC));
    assertThat(channel.open(bytes(HC_SEALED[1]))).isEqualTo(bytes(HC));
  }

  @Test
  void serverSealsItsOwnFramesWithItsOwnCounterFromOne() throws Exception {
    SecretChannel channel = serverSide.accept(keyExchange(STEP_2));
    channel.open(bytes(HC_SEALED[0]));

    assertThat(channel.seal(bytes(HC))).isEqualTo(bytes(HC_SEALED[0]));
  }

  private ClientKeyExchange clientSide() throws Exception {
    return ClientKeyExchange.answer(
        server.publicKey(), keyExchange(STEP_1), FixedBytes.keysOf(0x22, 0x33));
  }

  private static KeyExchange keyExchange(String hex) throws Exception {
    return RendezvousMessage.parseFrom(bytes(hex)).getKeyExchange();
  }

  private static String hex(MessageLite message) {
    return HexFormat.of().formatHex(message.toByteArray());
  }

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex);
  }
}
