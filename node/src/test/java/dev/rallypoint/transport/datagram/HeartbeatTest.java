package dev.rallypoint.transport.datagram;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.protocol.proto.RegisterPeer;
import dev.rallypoint.protocol.proto.RegisterPk;
import dev.rallypoint.protocol.proto.RendezvousMessage;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Which datagrams are read as heartbeats without the parser of protobuf. */
class HeartbeatTest {
  private static final PeerAddress FROM = PeerAddress.v4(0xCB007107, 50_000);

  private final Heartbeat heartbeat = new Heartbeat();

  private boolean read(byte[] payload) {
    return heartbeat.read(new BytesView(payload, FROM));
  }

  private static RendezvousMessage message(RegisterPeer peer) {
    return RendezvousMessage.newBuilder().setRegisterPeer(peer).build();
  }

  private static byte[] beat(String id, int serial) {
    return message(RegisterPeer.newBuilder().setId(id).setSerial(serial).build()).toByteArray();
  }

  @ParameterizedTest
  @CsvSource({
    "123456, 0",
    "123456789, 0",
    "123456789, 1",
    "123456789, 300",
    "123456789, -1",
    "office-pc-000001, 2147483647"
  })
  void readsWhatClientsSend(String id, int serial) {
    assertThat(read(beat(id, serial))).isTrue();

    assertThat(heartbeat.id()).isEqualTo(new PeerId(id));
    assertThat(heartbeat.sourceHigh()).isEqualTo(FROM.high());
    assertThat(heartbeat.sourceLow()).isEqualTo(FROM.low());
    assertThat(heartbeat.sourcePort()).isEqualTo(FROM.port());
  }

  static Stream<Arguments> others() {
    RegisterPeer peer = RegisterPeer.newBuilder().setId("123456789").build();
    UnknownFieldSet unknown =
        UnknownFieldSet.newBuilder()
            .addField(9, UnknownFieldSet.Field.newBuilder().addVarint(1).build())
            .build();
    byte[] twice = Arrays.copyOf(beat("123456789", 0), 26);
    System.arraycopy(twice, 0, twice, 13, 13);
    return Stream.of(
        Arguments.of("nothing", new byte[0]),
        Arguments.of("an id that is too short", beat("12345", 0)),
        Arguments.of("a long id", beat("12345678901234567", 0)),
        Arguments.of("an id that is no ASCII", beat("büro-pc", 0)),
        Arguments.of("an id with the character 0", beat("12345678\0", 0)),
        Arguments.of("no id", message(RegisterPeer.getDefaultInstance()).toByteArray()),
        Arguments.of("two messages", twice),
        Arguments.of(
            "an unknown field in it",
            message(peer.toBuilder().setUnknownFields(unknown).build()).toByteArray()),
        Arguments.of(
            "an unknown field beside it",
            message(peer).toBuilder().setUnknownFields(unknown).build().toByteArray()),
        Arguments.of(
            "another message",
            RendezvousMessage.newBuilder()
                .setRegisterPk(RegisterPk.newBuilder().setId("123456789").setUuid(ByteString.EMPTY))
                .build()
                .toByteArray()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("others")
  void leavesAllElseToTheParser(String what, byte[] payload) {
    assertThat(read(payload)).isFalse();
  }

  @Test
  void leavesAnAddressThatPeerAddressWouldChange() {
    PeerAddress loopback = new PeerAddress(0, 1, 9);

    assertThat(heartbeat.read(new BytesView(beat("123456789", 0), loopback))).isTrue();
    assertThat(heartbeat.read(new Raw(0x7F000001))).isFalse();
  }

  /** From an IPv4-compatible address, {@code ::a.b.c.d}. */
  private record Raw(long sourceLow) implements DatagramView {
    private static final byte[] PAYLOAD = beat("123456789", 0);

    @Override
    public int length() {
      return PAYLOAD.length;
    }

    @Override
    public byte at(int place) {
      return PAYLOAD[place];
    }

    @Override
    public long sourceHigh() {
      return 0;
    }

    @Override
    public int sourcePort() {
      return 9;
    }

    @Override
    public LocalEnd end() {
      return LocalEnd.ANY;
    }

    @Override
    public Datagram copy() {
      throw new UnsupportedOperationException();
    }
  }

  @Test
  void readsNothingThatTheParserReadsOtherwise() throws Exception {
    Random random = new Random(7);
    byte[] valid = beat("123456789", 300);
    int accepted = 0;
    for (int i = 0; i < 200_000; i++) {
      byte[] payload = Arrays.copyOf(valid, valid.length - random.nextInt(3));
      for (int changes = random.nextInt(3); changes > 0; changes--) {
        payload[random.nextInt(payload.length)] = (byte) random.nextInt();
      }
      if (read(payload)) {
        accepted++;
        RendezvousMessage parsed = RendezvousMessage.parseFrom(payload);
        // Where it is empty the id has a control character, and no lease is of such an id.
        PeerId.parse(parsed.getRegisterPeer().getId())
            .ifPresent(
                id -> assertThat(heartbeat.id()).as("%s", Arrays.toString(payload)).isEqualTo(id));
      }
    }
    assertThat(accepted).isPositive();
  }
}
