package dev.rallypoint.registration;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.typesafe.config.ConfigFactory;
import dev.rallypoint.cluster.ClusterMessage;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.protocol.proto.RegisterPkResponse.Result;
import dev.rallypoint.testing.EarlierVersion;
import dev.rallypoint.testing.LaterVersion;
import dev.rallypoint.transport.Push;
import java.util.List;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

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
    return Stream.of(
        new Push(v6, bytes),
        new PeerCommand.Refresh(home, 5, 7, true, KIT.createTestProbe(Refreshed.class).getRef()),
        Refreshed.KEY_REQUIRED,
        new Refreshed(false, 1_760_000_000_123_456L, bytes),
        new PeerCommand.Register(
            bytes, bytes, true, home, 5, 7, KIT.createTestProbe(Registered.class).getRef()),
        Registered.undecided(Registered.Outcome.NEEDS_ADMISSION),
        Registered.refused(Result.NOT_DEPLOYED),
        Registered.accepted("203.0.113.7", 5),
        new PeerCommand.Locate(KIT.createTestProbe(Location.class).getRef()),
        new IdChange.Adopt(
            new PeerId("123456789"), bytes, KIT.createTestProbe(IdChange.Changed.class).getRef()),
        new IdChange.Release(KIT.createTestProbe(IdChange.Changed.class).getRef()),
        new IdChange.Changed(Result.ID_EXISTS),
        new PeerCommand.Lapsed(home, PeerCommand.WHATEVER),
        new PeerCommand.Announce(home, 5),
        LeaseAnswer.NOT_HERE,
        LeaseAnswer.by(home, 5, bytes),
        new LeaseResponder.WhoHolds(
            new PeerId("123456789"), KIT.createTestProbe(LeaseAnswer.class).getRef()),
        new LeaseResponder.WhoIsOnline(
            List.of("123456789", "987654321"),
            KIT.createTestProbe(LeaseResponder.OnlineHere.class).getRef()),
        new LeaseResponder.OnlineHere(bytes),
        new LeaseResponder.Revoked(new PeerId("123456789"), 5),
        new LeaseResponder.Unsettled(new PeerId("123456789")),
        Location.online(v4, KIT.createTestProbe(Push.class).getRef(), bytes),
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

  @Test
  void isUnderstoodFromAnEarlierVersionThatDoesNotSayWhenAPeerSpoke() {
    Home home =
        new Home(PeerAddress.v4(0xCB007107, 50_000), KIT.createTestProbe(Push.class).getRef(), -77);
    ActorRef<Refreshed> replyTo = KIT.createTestProbe(Refreshed.class).getRef();

    Object read =
        EarlierVersion.sends(
            KIT.system(), new PeerCommand.Refresh(home, 5, 7, true, replyTo), "spokeAt");

    assertThat(read).isEqualTo(new PeerCommand.Refresh(home, 5, 0, true, replyTo));
  }
}
