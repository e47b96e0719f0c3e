package dev.rallypoint.registration;

import com.google.protobuf.ByteString;
import com.typesafe.config.ConfigFactory;
import dev.rallypoint.cluster.ClusterMessage;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.PeerId;
import dev.rallypoint.protocol.proto.RegisterPkResponse.Result;
import dev.rallypoint.transport.Push;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterAll;
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
    return Stream.of(
        new Push(v6, bytes),
        new PeerRegistration.Refresh(
            v4,
            KIT.createTestProbe(Push.class).getRef(),
            KIT.createTestProbe(Refreshed.class).getRef()),
        new Refreshed(true),
        new PeerRegistration.Register(
            bytes,
            bytes,
            v6,
            true,
            KIT.createTestProbe(Push.class).getRef(),
            KIT.createTestProbe(Registered.class).getRef()),
        new Registered(Registered.Outcome.NEEDS_ADMISSION, Result.NOT_DEPLOYED, "203.0.113.7"),
        new PeerRegistration.Locate(KIT.createTestProbe(Location.class).getRef()),
        new IdChange.Adopt(
            new PeerId("123456789"), bytes, KIT.createTestProbe(IdChange.Changed.class).getRef()),
        new IdChange.Release(KIT.createTestProbe(IdChange.Changed.class).getRef()),
        new IdChange.Changed(Result.ID_EXISTS),
        new PeerRegistration.Lapsed(v4, KIT.createTestProbe(Push.class).getRef()),
        Location.online(v4, KIT.createTestProbe(Push.class).getRef(), bytes),
        Location.absent(Location.Presence.UNKNOWN));
  }

  @ParameterizedTest
  @MethodSource("messages")
  void crossesTheWireUnchanged(ClusterMessage message) {
    KIT.serializationTestKit().verifySerialization(message, true);
  }
}
