package dev.rallypoint.protocol.identity;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.rallypoint.protocol.proto.IdPk;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SignedPeerKeyTest {
  private static final String VECTOR =
      "20485da44e829d10c7c77f2ccef8a7b9ab493494d2001b07318bb0a349acb61f"
          + "40a0640040364d8742abb310f1b0236a8b317312867a861c1b6ef8c134d34803"
          + "0a093132333435363738391220"
          + "d759793bbc13a2819a827c76adb6fba8a49aee007f49f2d0992d99b825ad2c48";

  private final SigningKey server =
      SigningKey.ofSeed(
          HexFormat.of()
              .parseHex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"));
  private final PublicKey device = SigningKey.ofSeed(filled(0x44)).publicKey();
  private final PeerId id = new PeerId("123456789");

  @Test
  void isSignedAsTheVectorSays() {
    ByteString signed = SignedPeerKey.sign(server, id, device);

    assertThat(HexFormat.of().formatHex(signed.toByteArray())).isEqualTo(VECTOR);
  }

  @Test
  void opensTheVector() {
    ByteString signed = ByteString.copyFrom(HexFormat.of().parseHex(VECTOR));

    assertThat(SignedPeerKey.open(server.publicKey(), id, signed)).contains(device);
  }

  @Test
  void isNotOpenedForAnotherIdThanTheOneDialled() {
    ByteString signed = SignedPeerKey.sign(server, id, device);

    assertThat(SignedPeerKey.open(server.publicKey(), new PeerId("12345678"), signed)).isEmpty();
  }

  @Test
  void isNotOpenedWithAnotherServersKey() {
    SigningKey other = SigningKey.generate(new Random(1));

    assertThat(SignedPeerKey.open(server.publicKey(), id, SignedPeerKey.sign(other, id, device)))
        .isEmpty();
  }

  @Test
  void isNotOpenedWithAKeyOfAnotherLength() {
    IdPk statement =
        IdPk.newBuilder().setId(id.value()).setPk(ByteString.copyFrom(new byte[31])).build();
    ByteString signed = server.sign(statement.toByteArray());

    assertThat(SignedPeerKey.open(server.publicKey(), id, signed)).isEmpty();
  }

  @Test
  void isNotOpenedWhenWhatIsSignedIsNoMessage() {
    assertThat(SignedPeerKey.open(server.publicKey(), id, server.sign(new byte[] {0x0a})))
        .isEmpty();
  }

  private static byte[] filled(int value) {
    byte[] bytes = new byte[32];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }
}
