package dev.rallypoint.rendezvous;

import com.google.protobuf.ByteString;
import com.typesafe.config.ConfigFactory;
import dev.rallypoint.cluster.ClusterMessage;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.protocol.identity.PeerId;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PunchMessagesTest {
  private static final ActorTestKit KIT =
      ActorTestKit.create(
          "punch-messages",
          ConfigFactory.parseString("pekko.actor.provider = local")
              .withFallback(ConfigFactory.load("cluster")));

  @AfterAll
  static void stop() {
    KIT.shutdownTestKit();
  }

  static Stream<ClusterMessage> messages() {
    ByteString bytes = ByteString.copyFrom(new byte[] {0, (byte) 0xFF, 7});
    return Stream.of(
        new PunchSession.Open(
            new PeerId("123456789"),
            PunchSession.Kind.RELAY,
            bytes,
            true,
            KIT.createTestProbe(Object.class).getRef(),
            KIT.createTestProbe(PunchSession.Opened.class).getRef()),
        new PunchSession.Opened(true),
        new PunchSession.TargetAnswered(bytes, PeerAddress.v4(0xCB007107, 50_000), true),
        new PunchSession.Close(KIT.createTestProbe(Object.class).getRef()),
        new PunchSession.Answer(bytes));
  }

  @ParameterizedTest
  @MethodSource("messages")
  void crossesTheWireUnchanged(ClusterMessage message) {
    KIT.serializationTestKit().verifySerialization(message, true);
  }
}
