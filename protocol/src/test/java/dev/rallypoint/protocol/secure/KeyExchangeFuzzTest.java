package dev.rallypoint.protocol.secure;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.rallypoint.protocol.identity.SigningKey;
import dev.rallypoint.protocol.proto.KeyExchange;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;

/**
 * Any KeyExchange is taken or refused with the one exception, on both sides, and nothing but what
 * was sealed for a channel is opened by it. The keys are fixed, so that a kept input can be
 * genuine.
 *
 * <p>A plain {@code mvn test} runs the kept inputs under {@code src/test/resources}. To search for
 * new ones, one test at a time: {@code JAZZER_FUZZ=1 mvn -pl protocol test
 * -Dtest=KeyExchangeFuzzTest#serverTakesOrRefusesAnyAnswer}.
 */
class KeyExchangeFuzzTest {
  private static final int SEED_LENGTH = 32;

  private final SigningKey server = SigningKey.ofSeed(ascending());

  @FuzzTest(maxDuration = "30s")
  void serverTakesOrRefusesAnyAnswer(byte[] input) {
    ServerKeyExchange serverSide = ServerKeyExchange.create(server, FixedBytes.keysOf(0x11));
    parse(input)
        .ifPresent(answer -> {
          try {
            assertThat(serverSide.accept(answer).seal(new byte[1])).hasSize(17);
          } catch (HandshakeException refused) {
            assertThat(refused).hasMessageContaining("KeyExchange");
          }
        });
  }

  @FuzzTest(maxDuration = "30s")
  void clientTakesOrRefusesAnyOffer(byte[] input) {
    parse(input)
        .ifPresent(offer -> {
          try {
            var answer = ClientKeyExchange.answer(server.publicKey(), offer, new Random(1));
            assertThat(answer.answer().getKeyExchange().getKeysCount()).isEqualTo(2);
          } catch (HandshakeException refused) {
            assertThat(refused.getMessage()).isNotEmpty();
          }
        });
  }

  @FuzzTest(maxDuration = "30s")
  void channelOpensOnlyWhatWasSealedForIt(byte[] frame) {
    byte[] key = new byte[SecretBox.KEY_LENGTH];
    Arrays.fill(key, (byte) 0x33);
    try {
      byte[] plain = new SecretChannel(key).open(frame);
      assertThat(frame.length <= 1 || Arrays.equals(new SecretChannel(key).seal(plain), frame))
          .isTrue();
    } catch (HandshakeException refused) {
      assertThat(frame.length).isGreaterThan(1);
    }
  }

  private static Optional<KeyExchange> parse(byte[] input) {
    try {
      return Optional.of(RendezvousMessage.parseFrom(input).getKeyExchange());
    } catch (InvalidProtocolBufferException noMessage) {
      return Optional.empty();
    }
  }

  private static byte[] ascending() {
    byte[] seed = new byte[SEED_LENGTH];
    for (int i = 0; i < SEED_LENGTH; i++) {
      seed[i] = (byte) i;
    }
    return seed;
  }
}
