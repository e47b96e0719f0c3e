package dev.rallypoint.registration;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.typesafe.config.ConfigFactory;
import dev.rallypoint.cluster.ClusterMessage;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.protocol.proto.RegisterPkResponse.Result;
import dev.rallypoint.testing.LaterVersion;
import dev.rallypoint.transport.Push;
import java.util.List;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The messages of this package cross from node to node unchanged. */
class RegistrationMessagesTest {
  private static final ActorTestKit KIT =
      ActorTestKit.create(
          "registration-messages",
          ConfigFactory.parseString("pekko.actor.provider = local")
              .withFallback(ConfigFactory.load("cluster")));

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  static Stream<ClusterMessage> messages() {
    PeerAddress v4 = PeerAddress.v4(0xCB007107, 50_000);
    PeerAddress v6 = new PeerAddress(0x20010db8_00000000L, 1, 8_080);
    ByteString bytes = ByteString.copyFrom(new byte[] {0, (byte) 0xFF, 7});
    Home home = new Home(v4, KIT.createTestProbe(Push.class).getRef(), -77);
    PeerState.Contact contact = new PeerState.Contact(home, 5, 7);
    return Stream.of(
        new Push(v6, bytes),
        new PeerCommand.Heartbeat(
            contact, true, KIT.createTestProbe(PeerCommand.HeartbeatAnswer.class).getRef()),
        PeerCommand.HeartbeatAnswer.KEY_REQUIRED,
        PeerCommand.HeartbeatAnswer.granted(1_760_000_000_123_456L, bytes),
        new PeerCommand.Register(
            bytes,
            bytes,
            true,
            contact,
            KIT.createTestProbe(PeerCommand.RegisterAnswer.class).getRef()),
        PeerCommand.RegisterAnswer.NEEDS_ADMISSION,
        PeerCommand.RegisterAnswer.refused(Result.NOT_DEPLOYED),
        PeerCommand.RegisterAnswer.accepted("203.0.113.7", 5),
        new PeerCommand.Locate(KIT.createTestProbe(Location.class).getRef()),
        new PeerCommand.Rename(
            new PeerId("123456789"),
            bytes,
            KIT.createTestProbe(PeerCommand.Renamed.class).getRef()),
        new PeerCommand.Release(KIT.createTestProbe(PeerCommand.Renamed.class).getRef()),
        new PeerCommand.Renamed(Result.ID_EXISTS),
        new PeerCommand.Lapsed(home, PeerCommand.ANY_EPOCH),
        new PeerCommand.Announce(home, 5),
        new LeaseResponder.LeaseHere(null),
        new LeaseResponder.LeaseHere(new Lease(home, 5, bytes)),
        new LeaseResponder.FindLease(
            new PeerId("123456789"), KIT.createTestProbe(LeaseResponder.LeaseHere.class).getRef()),
        new LeaseResponder.FindOnline(
            List.of("123456789", "987654321"),
            KIT.createTestProbe(LeaseResponder.OnlineHere.class).getRef()),
        new LeaseResponder.OnlineHere(bytes),
        new LeaseResponder.Revoked(new PeerId("123456789"), 5),
        new LeaseResponder.AnnounceRequest(new PeerId("123456789")),
        Location.online(home, bytes),
        Location.absent(Location.Presence.UNKNOWN));
  }

  @ParameterizedTest
  @MethodSource("messages")
  void crossesTheWireUnchanged(ClusterMessage message) {
    KIT.serializationTestKit().verifySerialization(message, true);
  }

  @ParameterizedTest
  @MethodSource("messages")
  void isUnderstoodFromALaterVersionThatSaysMore(ClusterMessage message) {
    assertThat(LaterVersion.sends(KIT.system(), message)).isEqualTo(message);
  }
}
