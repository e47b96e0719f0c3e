package dev.rallypoint.rendezvous;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.typesafe.config.ConfigFactory;
import dev.rallypoint.cluster.ClusterMessage;
import dev.rallypoint.protocol.address.PeerAddress;
import dev.rallypoint.testing.LaterVersion;
import dev.rallypoint.transport.Link;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The messages about punches survive the way to another node, and to one of another version. */
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
    PunchSession.TargetAnswered answer =
        new PunchSession.TargetAnswered(bytes, PeerAddress.v4(0xCB007107, 50_000), true);
    return Stream.of(
        new PunchSession.Open(
            KIT.createTestProbe(Link.Message.class).getRef(),
            KIT.createTestProbe(PunchSession.Known.class).getRef()),
        new PunchSession.Known(true),
        answer,
        new PunchSession.Deliver(answer, KIT.createTestProbe(PunchSession.Known.class).getRef()),
        new PunchAnswerReceiver.Search(
            PeerAddress.v4(0xC6336414, 40_000),
            answer,
            KIT.createTestProbe(PunchSession.Known.class).getRef()),
        new PunchSession.Close(KIT.createTestProbe(Link.Message.class).getRef()));
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
